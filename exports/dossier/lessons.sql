-- Eén rij per les: wat deze plek leerde, in eigen woorden.
-- Only what the office has read as it stands now, and found to name nobody.
WITH told AS (
  SELECT _id, place, month, lesson_about, 1 AS position, 'Wat ging goed' AS question,
         worked AS words
    FROM month_report
   UNION ALL
  SELECT _id, place, month, lesson_about, 2, 'Wat lukte niet', not_worked FROM month_report
   UNION ALL
  SELECT _id, place, month, lesson_about, 3, 'Wat wordt anders', change FROM month_report
   UNION ALL
  SELECT _id, place, year, NULL, 4, 'Vooruitblik', outlook FROM year_report
)
SELECT t.month, t.question, t.words,
       coalesce((SELECT group_concat(c.label, ', ')
                   FROM choices c, json_each(t.lesson_about) a
                  WHERE (c.form_id, c.list_name, c.name)
                      = ('month_report', 'lesson_about', a.value)), '') AS about
  FROM told t
 WHERE t.words IS NOT NULL AND t.month BETWEEN :from AND :until
   AND t._id IN (SELECT row FROM passed)
   AND (:place IS NULL OR t.place = :place)
 ORDER BY t.month, t.position
