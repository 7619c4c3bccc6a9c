-- Eén rij per plek en formulier: hoeveel wij er verwachtten en hoeveel er binnenkwamen.
-- Only what was expected counts as received; a record of a day that was not expected is kept too.
WITH forms AS (
  SELECT form_id, min(form) AS form, min(form_order) AS form_order FROM questions GROUP BY form_id
),
due AS (
  SELECT p.name AS code, p.label, k.position AS kind_order, e.form_id,
         count(*) AS expected, sum(e.received) AS received
    FROM expected e
    JOIN places p ON p.name = e.place
    LEFT JOIN choices k ON k.form_id = 'place' AND k.list_name = 'kind' AND k.name = p.kind
   WHERE e.date BETWEEN :from AND :until AND (:place IS NULL OR p.name = :place)
   GROUP BY p.name, e.form_id
)
SELECT _level, code, label, form, expected, received, 1.0 * received / expected AS complete,
       expected - received AS missing
  FROM (SELECT 'place' AS _level, code, label, kind_order, form, form_order, expected, received
          FROM due JOIN forms USING (form_id)
         UNION ALL
        SELECT 'total', '', 'Zuidwest totaal', 0, form, form_order, sum(expected), sum(received)
          FROM due JOIN forms USING (form_id)
         WHERE :place IS NULL
         GROUP BY form_id)
 ORDER BY kind_order, code, form_order
