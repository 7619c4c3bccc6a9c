-- Eén rij per dag waarvan een plek invulde of zij open was: hoeveel uur.
-- A day that is reported as open without times counts for its regular hours.
SELECT place, date, open = 'yes' AS open,
       CASE WHEN open <> 'yes' THEN 0
            WHEN open_from IS NULL
            THEN coalesce(block_hours(regular_from, regular_until), 0)
               + coalesce(block_hours(regular_from_2, regular_until_2), 0)
            ELSE coalesce(block_hours(open_from, open_until), 0)
               + coalesce(block_hours(open_from_2, open_until_2), 0)
       END AS hours
  FROM opening
 WHERE date BETWEEN coalesce((SELECT min(since) FROM periods), :from)
                AND coalesce((SELECT max(until) FROM periods), :until)
