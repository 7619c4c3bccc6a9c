-- Eén rij per plek: hoeveel uur deelnemers aan elke taak werkten. Drie mensen twee uur is zes uur.
-- A task that was added to the form and has no column here counts under `unlisted`.
WITH tally AS (
  SELECT s.level, s.key, n.task, n.hours
    FROM scope s JOIN seen n USING (place)
   WHERE n.role = 'participant' AND n.date BETWEEN :from AND :until
)
SELECT r.level AS _level, r.part_of AS _group, r.code AS _place,
       r.code, r.label, r.kind, r.wijk,
       told(total(t.hours) FILTER (WHERE t.task = 'green'), sum(t.hours), e.expected) AS green,
       told(total(t.hours) FILTER (WHERE t.task = 'litter'), sum(t.hours), e.expected) AS litter,
       told(total(t.hours) FILTER (WHERE t.task = 'bulky_waste'), sum(t.hours), e.expected)
         AS bulky_waste,
       told(total(t.hours) FILTER (WHERE t.task = 'repairs'), sum(t.hours), e.expected) AS repairs,
       told(total(t.hours) FILTER (WHERE t.task = 'painting'), sum(t.hours), e.expected)
         AS painting,
       told(total(t.hours) FILTER (WHERE t.task = 'squares'), sum(t.hours), e.expected) AS squares,
       told(total(t.hours) FILTER (WHERE t.task = 'neighbour_help'), sum(t.hours), e.expected)
         AS neighbour_help,
       told(total(t.hours) FILTER (WHERE t.task = 'food'), sum(t.hours), e.expected) AS food,
       told(total(t.hours) FILTER (WHERE t.task = 'reuse'), sum(t.hours), e.expected) AS reuse,
       told(total(t.hours) FILTER (WHERE t.task = 'host'), sum(t.hours), e.expected) AS host,
       told(total(t.hours) FILTER (WHERE t.task = 'making'), sum(t.hours), e.expected) AS making,
       told(total(t.hours) FILTER (WHERE t.task = 'office_work'), sum(t.hours), e.expected)
         AS office_work,
       told(total(t.hours) FILTER (WHERE t.task = 'learning'), sum(t.hours), e.expected)
         AS learning,
       told(total(t.hours) FILTER (WHERE t.task = 'other'), sum(t.hours), e.expected) AS other,
       told(total(t.hours) FILTER (WHERE t.task IS NULL OR t.task NOT IN (
              'green', 'litter', 'bulky_waste', 'repairs', 'painting', 'squares',
              'neighbour_help', 'food', 'reuse', 'host', 'making', 'office_work', 'learning',
              'other'
            )), sum(t.hours), e.expected) AS unlisted,
       told(sum(t.hours), sum(t.hours), e.expected) AS total
  FROM shown r
  LEFT JOIN tally t USING (level, key)
  LEFT JOIN due e ON (e.level, e.key, e.form_id) = (r.level, r.key, 'attendance')
 WHERE :place IS NULL OR r.code = :place
 GROUP BY r.position
 ORDER BY r.position
