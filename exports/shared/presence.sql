-- Eén rij per stuk tijd, rol, plek, mens en taak: wie er was, hoelang, en of het voor de buurt was.
-- A task works on liveability unless its choice says n; a task that is no longer a choice does not.
-- Before the first period lies one stretch, '': whoever was there at all was there.
SELECT coalesce(d.stretch, '') AS stretch, n.role, n.place, n.person, n.task, c.name IS NOT NULL AS useful,
       sum(n.hours) AS hours
  FROM seen n LEFT JOIN dates d ON d.day = n.date
  LEFT JOIN choices c
    ON (c.form_id, c.list_name, c.name) = ('attendance', 'task', n.task)
   AND coalesce(c.liveability, 'y') <> 'n'
 WHERE n.date <= (SELECT max(until) FROM periods)
 GROUP BY n.role, d.stretch, n.place, n.person, n.task
