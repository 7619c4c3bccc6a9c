-- Eén rij per plek: welke organisaties er in de periode waren. In een totaal: op hoeveel plekken.
-- An organisation that was added to the form and has no column here counts under `unlisted`.
WITH tally AS (
  SELECT s.level, s.key, m._id, m.place, p.value AS partner
    FROM scope s JOIN month_report m USING (place) LEFT JOIN json_each(m.partners_present) p
   WHERE m.month BETWEEN :from AND :until
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       told(count(DISTINCT t.partner), count(t._id), e.expected) AS partners,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'police'),
            count(t._id), e.expected) AS police,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'mental_health'),
            count(t._id), e.expected) AS mental_health,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'housing'),
            count(t._id), e.expected) AS housing,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'money'),
            count(t._id), e.expected) AS money,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'municipality'),
            count(t._id), e.expected) AS municipality,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'work_school'),
            count(t._id), e.expected) AS work_school,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'care'),
            count(t._id), e.expected) AS care,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'neighbours'),
            count(t._id), e.expected) AS neighbours,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner = 'other'),
            count(t._id), e.expected) AS other,
       told(count(DISTINCT t.place) FILTER (WHERE t.partner NOT IN (
              'police', 'mental_health', 'housing', 'money', 'municipality', 'work_school',
              'care', 'neighbours', 'other')), count(t._id), e.expected) AS unlisted,
       told(count(DISTINCT t._id), count(t._id), e.expected) AS reports
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'month_report')
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
