-- Eén rij per plek: de bezoeken per dagdeel. Wie twee keer komt, is twee bezoeken.
-- A daypart that was not counted has a record without a number: it counts as received, not as 0.
-- A question that was added to the form needs one line here: sum(v.its_name) AS its_name,
WITH tally AS (
  SELECT * FROM scope JOIN visitors USING (place) WHERE date BETWEEN :from AND :until
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       told(sum(v.visitors) FILTER (WHERE v.daypart = 'morning'),
            count(v.visitors) FILTER (WHERE v.daypart = 'morning'), e.mornings) AS morning,
       told(sum(v.visitors) FILTER (WHERE v.daypart = 'afternoon'),
            count(v.visitors) FILTER (WHERE v.daypart = 'afternoon'), e.afternoons) AS afternoon,
       told(sum(v.visitors) FILTER (WHERE v.daypart = 'evening'),
            count(v.visitors) FILTER (WHERE v.daypart = 'evening'), e.evenings) AS evening,
       told(sum(v.visitors), count(v.visitors), e.expected) AS visits,
       told(sum(v.new_visitors), count(v.visitors), e.expected) AS new_visitors,
       told(avg(v.visitors), count(v.visitors), e.expected) AS average,
       told(count(v.visitors) FILTER (WHERE v.daypart = 'morning'), count(v._id), e.expected)
         AS counted_morning,
       told(count(v.visitors) FILTER (WHERE v.daypart = 'afternoon'), count(v._id), e.expected)
         AS counted_afternoon,
       told(count(v.visitors) FILTER (WHERE v.daypart = 'evening'), count(v._id), e.expected)
         AS counted_evening,
       told(count(v.visitors), count(v._id), e.expected) AS counted,
       coalesce(e.expected, 'n.v.t.') AS expected
  FROM shown r
  LEFT JOIN tally v USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'visitors')
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
