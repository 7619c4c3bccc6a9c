-- Eén rij per plek: of het programma met bewoners is besproken, en wat er dit jaar te doen was.
-- Only meeting places are asked to fit their programme to the neighbourhood; who else tells of it
-- is shown, and does not count in totals. Dayparts are of the calendar year up to the last day.
WITH talked AS (
  SELECT s.level, s.key, m.place, p.kind, max(m.programme_checked) AS checked
    FROM scope s JOIN month_report m USING (place) JOIN places p ON p.name = m.place
   WHERE m.programme_checked <= :until
   GROUP BY s.level, s.key, m.place
),
asked AS (
  SELECT t.level, t.key, max(t.checked) AS checked,
         count(*) FILTER (WHERE t.checked > date(:until, '-12 months')
                            AND (t.level = 'place' OR t.kind = 'meeting_place')) AS fresh
    FROM talked t
   GROUP BY t.level, t.key
),
meeting AS (
  SELECT s.level, s.key, count(*) AS places
    FROM scope s JOIN places p ON p.name = s.place
   WHERE p.kind = 'meeting_place' AND p.name IN (SELECT code FROM shown)
   GROUP BY s.level, s.key
),
tally AS (
  SELECT s.level, s.key, v._id, a.value AS activity
    FROM scope s JOIN visitors v USING (place), json_each(v.activities) a
   WHERE v.date BETWEEN :year_from AND :until
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       CASE WHEN r.level <> 'place' THEN 'n.v.t.'
            WHEN a.checked IS NOT NULL THEN a.checked
            WHEN m.places IS NULL THEN 'n.v.t.' END AS checked,
       CASE WHEN m.places IS NOT NULL OR a.fresh THEN coalesce(a.fresh, 0)
            ELSE 'n.v.t.' END AS fresh,
       coalesce(m.places, 0) AS places,
       count(DISTINCT t._id) AS dayparts,
       count(DISTINCT t.activity) AS activities,
       count(*) FILTER (WHERE t.activity = 'drop_in') AS drop_in,
       count(*) FILTER (WHERE t.activity = 'meal') AS meal,
       count(*) FILTER (WHERE t.activity = 'creative') AS creative,
       count(*) FILTER (WHERE t.activity = 'exercise') AS exercise,
       count(*) FILTER (WHERE t.activity = 'language') AS language,
       count(*) FILTER (WHERE t.activity = 'language_childcare') AS language_childcare,
       count(*) FILTER (WHERE t.activity = 'digital_help') AS digital_help,
       count(*) FILTER (WHERE t.activity = 'paper_help') AS paper_help,
       count(*) FILTER (WHERE t.activity = 'parent_child') AS parent_child,
       count(*) FILTER (WHERE t.activity = 'youth') AS youth,
       count(*) FILTER (WHERE t.activity = 'course') AS course,
       count(*) FILTER (WHERE t.activity = 'job_help') AS job_help,
       count(*) FILTER (WHERE t.activity = 'neighbourhood_talk') AS neighbourhood_talk,
       count(*) FILTER (WHERE t.activity = 'green_repair') AS green_repair,
       count(*) FILTER (WHERE t.activity = 'party') AS party,
       count(*) FILTER (WHERE t.activity = 'other') AS other,
       count(*) FILTER (WHERE t.activity NOT IN (
         'drop_in', 'meal', 'creative', 'exercise', 'language', 'language_childcare',
         'digital_help', 'paper_help', 'parent_child', 'youth', 'course', 'job_help',
         'neighbourhood_talk', 'green_repair', 'party', 'other')) AS unlisted
  FROM shown r
  LEFT JOIN asked a USING (level, key)
  LEFT JOIN meeting m USING (level, key)
  LEFT JOIN tally t USING (level, key)
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
