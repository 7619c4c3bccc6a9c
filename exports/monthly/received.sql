-- Eén rij per plek en formulier: hoeveel wij er verwachtten en hoeveel er binnenkwamen.
-- Only what was expected counts as received; a record of a day that was not expected is kept too.
WITH forms AS (
  SELECT DISTINCT form_id, form, form_order FROM questions
)
SELECT r.level AS _level, r.code, r.label, f.form, e.expected, e.received,
       1.0 * e.received / e.expected AS complete, e.expected - e.received AS missing
  FROM shown r
  JOIN due e USING (level, key)
  JOIN forms f USING (form_id)
 WHERE r.level <> 'wijk' AND (:place IS NULL OR r.code = :place)
 ORDER BY r.position, f.form_order
