-- Eén rij per regel van een blad en formulier: hoeveel er verwacht werden en hoeveel er kwamen.
-- A month, quarter or year falls due on its last day, and belongs to the period of that day.
-- `mornings`, `afternoons` and `evenings` are how many of them were expected in that daypart.
SELECT s.level, s.key, e.form_id, count(*) AS expected, sum(e.received) AS received,
       count(*) FILTER (WHERE e.daypart = 'morning') AS mornings,
       count(*) FILTER (WHERE e.daypart = 'afternoon') AS afternoons,
       count(*) FILTER (WHERE e.daypart = 'evening') AS evenings
  FROM scope s JOIN expected e USING (place)
 WHERE e.due BETWEEN :from AND :until
 GROUP BY s.level, s.key, e.form_id
