-- Eén rij per dag waarover wordt verteld: en op welke dag het stuk tijd begon waar die in ligt.
-- A stretch begins with each month, and where a period begins or has just ended: so each period is
-- made up of whole stretches, and whoever counts per stretch first need not count per day again.
WITH RECURSIVE running (day) AS (
  SELECT substr(min(since), 1, 4) || '-01-01' FROM periods
   UNION ALL
  SELECT date(day, '+1 day') FROM running WHERE day < (SELECT max(until) FROM periods)
)
SELECT day,
       max(day) FILTER (WHERE day LIKE '%-01' OR day IN (SELECT since FROM periods)
                           OR day IN (SELECT date(until, '+1 day') FROM periods))
         OVER (ORDER BY day) AS stretch
  FROM running
