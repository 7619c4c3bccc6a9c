-- Eén rij per plek: hoe vaak bezoekers werden doorverwezen. Per maand alleen het totaal.
-- By place only over a quarter or longer: one month of one place would say too much of few people.
WITH tally AS (
  SELECT *,
         coalesce(ref_police, ref_mental_health, ref_housing, ref_money, ref_municipality,
                  ref_work_school, ref_care, ref_neighbours, ref_other) AS answered
    FROM scope JOIN visitors USING (place)
   WHERE date BETWEEN :from AND :until
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       told(sum(v.ref_police), count(v.answered), e.expected) AS police,
       told(sum(v.ref_mental_health), count(v.answered), e.expected) AS mental_health,
       told(sum(v.ref_housing), count(v.answered), e.expected) AS housing,
       told(sum(v.ref_money), count(v.answered), e.expected) AS money,
       told(sum(v.ref_municipality), count(v.answered), e.expected) AS municipality,
       told(sum(v.ref_work_school), count(v.answered), e.expected) AS work_school,
       told(sum(v.ref_care), count(v.answered), e.expected) AS care,
       told(sum(v.ref_neighbours), count(v.answered), e.expected) AS neighbours,
       told(sum(v.ref_other), count(v.answered), e.expected) AS other,
       told(coalesce(sum(v.ref_police), 0)
              + coalesce(sum(v.ref_mental_health), 0)
              + coalesce(sum(v.ref_housing), 0)
              + coalesce(sum(v.ref_money), 0)
              + coalesce(sum(v.ref_municipality), 0)
              + coalesce(sum(v.ref_work_school), 0)
              + coalesce(sum(v.ref_care), 0)
              + coalesce(sum(v.ref_neighbours), 0)
              + coalesce(sum(v.ref_other), 0),
            count(v.answered), e.expected) AS total
  FROM shown r
  LEFT JOIN tally v USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'visitors')
 WHERE (:place IS NULL OR r.code = :place)
   AND (r.level = 'total' OR julianday(:until) - julianday(:from) > 80)
 GROUP BY r.position
 ORDER BY r.position
