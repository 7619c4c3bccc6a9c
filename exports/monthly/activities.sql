-- Eén rij per plek: in hoeveel dagdelen een activiteit er was, nooit een aantal activiteiten.
-- An activity that was added to the form and has no column here counts under `unlisted`.
WITH tally AS (
  SELECT s.level, s.key, v._id, a.value AS activity
    FROM scope s JOIN visitors v USING (place), json_each(v.activities) a
   WHERE v.date BETWEEN :from AND :until
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       told(count(DISTINCT t._id), count(t._id), e.expected) AS dayparts,
       told(count(*) FILTER (WHERE t.activity = 'drop_in'), count(t._id), e.expected) AS drop_in,
       told(count(*) FILTER (WHERE t.activity = 'meal'), count(t._id), e.expected) AS meal,
       told(count(*) FILTER (WHERE t.activity = 'creative'), count(t._id), e.expected) AS creative,
       told(count(*) FILTER (WHERE t.activity = 'exercise'), count(t._id), e.expected) AS exercise,
       told(count(*) FILTER (WHERE t.activity = 'language'), count(t._id), e.expected) AS language,
       told(count(*) FILTER (WHERE t.activity = 'language_childcare'), count(t._id), e.expected)
         AS language_childcare,
       told(count(*) FILTER (WHERE t.activity = 'digital_help'), count(t._id), e.expected)
         AS digital_help,
       told(count(*) FILTER (WHERE t.activity = 'paper_help'), count(t._id), e.expected)
         AS paper_help,
       told(count(*) FILTER (WHERE t.activity = 'parent_child'), count(t._id), e.expected)
         AS parent_child,
       told(count(*) FILTER (WHERE t.activity = 'youth'), count(t._id), e.expected) AS youth,
       told(count(*) FILTER (WHERE t.activity = 'course'), count(t._id), e.expected) AS course,
       told(count(*) FILTER (WHERE t.activity = 'job_help'), count(t._id), e.expected) AS job_help,
       told(count(*) FILTER (WHERE t.activity = 'neighbourhood_talk'), count(t._id), e.expected)
         AS neighbourhood_talk,
       told(count(*) FILTER (WHERE t.activity = 'green_repair'), count(t._id), e.expected)
         AS green_repair,
       told(count(*) FILTER (WHERE t.activity = 'party'), count(t._id), e.expected) AS party,
       told(count(*) FILTER (WHERE t.activity = 'other'), count(t._id), e.expected) AS other,
       told(count(*) FILTER (WHERE t.activity NOT IN (
              'drop_in', 'meal', 'creative', 'exercise', 'language', 'language_childcare',
              'digital_help', 'paper_help', 'parent_child', 'youth', 'course', 'job_help',
              'neighbourhood_talk', 'green_repair', 'party', 'other'
            )), count(t._id), e.expected) AS unlisted
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'visitors')
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
