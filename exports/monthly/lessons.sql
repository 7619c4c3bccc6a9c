-- Eén rij per maandverslag: wat de plek leerde. Alleen wat het bureau heeft nagelezen.
-- A report that was not read, or was changed since, is no row, so that its place is not named either.
WITH about AS (
  SELECT _id, group_concat(label, ', ') AS topics
    FROM (SELECT m._id, c.label
            FROM month_report m, json_each(m.lesson_about) a
            JOIN choices c
              ON (c.form_id, c.list_name, c.name) = ('month_report', 'lesson_about', a.value)
           WHERE m.month BETWEEN :from AND :until
           ORDER BY c.position)
   GROUP BY _id
)
SELECT m.month, r.code, r.label, r.kind, r.wijk, coalesce(a.topics, '') AS about,
       coalesce(m.worked, '') AS well, coalesce(m.not_worked, '') AS badly,
       coalesce(m.change, '') AS changes
  FROM shown r
  JOIN month_report m ON m.place = r.code
  LEFT JOIN about a USING (_id)
 WHERE m._id IN (SELECT row FROM passed)
   AND coalesce(m.worked, m.not_worked, m.change) IS NOT NULL
   AND m.month BETWEEN :from AND :until AND (:place IS NULL OR r.code = :place)
 ORDER BY m.month, r.position
