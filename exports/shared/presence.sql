-- Eén rij per keer dat iemand er was: wie, waar, wanneer, en of het werk aan de leefbaarheid was.
-- A task works on liveability unless its choice says n; a task that is no longer a choice does not.
SELECT n.person, n.place, n.date, n.daypart, n.role, n.task, n.hours,
       c.name IS NOT NULL AS useful
  FROM seen n
  LEFT JOIN choices c
    ON (c.form_id, c.list_name, c.name) = ('attendance', 'task', n.task)
   AND coalesce(c.liveability, 'y') <> 'n'
