-- Eén rij per regel van een blad en plek die daarin meetelt.
-- A place that has stopped still counts in totals: it was there earlier in the year.
SELECT 'place' AS level, name AS key, name AS place FROM places
 UNION ALL
SELECT 'wijk', wijk, name FROM places
 UNION ALL
SELECT 'total', '', name FROM places
