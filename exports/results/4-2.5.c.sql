-- Wijken waar mensen met afstand tot de arbeidsmarkt de buurt beter maken
-- result: 4/2.5.c
-- pillar: B
-- unit: wijken
-- kind: count
-- over: year
-- good: more
-- questions: attendance.task attendance.who attendance.hours attendance.who_2 attendance.hours_2 person_new.labour_distance place.wijk
-- measure persons: Mensen met afstand tot de arbeidsmarkt die meewerkten (personen, persons)
-- measure hours: Hun uren voor de buurt (uren, hours)
-- measure green: Uren groen en tuin (uren, hours)
-- measure litter: Uren zwerfvuil en schoonmaken (uren, hours)
-- measure bulky_waste: Uren grofvuil (uren, hours)
-- measure repairs: Uren klussen en kleine reparaties (uren, hours)
-- measure painting: Uren schilderen (uren, hours)
-- measure squares: Uren pleinen, portieken en speelplekken (uren, hours)
-- measure neighbour_help: Uren buren helpen (uren, hours)
-- measure food: Uren koken en eten brengen (uren, hours)
-- measure reuse: Uren repareren en hergebruik (uren, hours)
-- measure host: Uren ontvangen en toezicht (uren, hours)
-- measure unlisted: Uren aan een taak die nieuw is op de lijst (uren, hours)
-- missing: is nog niemand met afstand tot de arbeidsmarkt gezien
-- Seen at a wijkbedrijf or pilot on a task for the liveability of the neighbourhood, by people of
-- whom a place said yes to a distance to the labour market; the wijk is that of the place. Each
-- person counts once, hours add up. A task that was added and has no measure counts as unlisted.
WITH tasks (measure) AS (
  VALUES ('hours'), ('green'), ('litter'), ('bulky_waste'), ('repairs'), ('painting'), ('squares'),
         ('neighbour_help'), ('food'), ('reuse'), ('host'), ('unlisted')
),
distant AS MATERIALIZED (
  SELECT DISTINCT person FROM memberships WHERE labour_distance = 'yes'
),
done AS MATERIALIZED (
  SELECT stretch, place, person, task, hours
    FROM presence
   WHERE role = 'participant' AND useful AND person IN distant
),
worked AS MATERIALIZED (
  SELECT DISTINCT s.period, d.place, d.person
    FROM (SELECT DISTINCT stretch, place, person FROM done) d JOIN stretches s USING (stretch)
),
took AS MATERIALIZED (
  SELECT s.period, d.place, coalesce(t.measure, 'unlisted') AS task, sum(d.hours) AS hours
    FROM (SELECT stretch, place, task, sum(hours) AS hours FROM done GROUP BY stretch, place, task) d
    JOIN stretches s USING (stretch)
    LEFT JOIN tasks t ON t.measure = d.task
   GROUP BY s.period, d.place, 3
),
tally AS (
  SELECT l.period, l.level, l.key, count(DISTINCT l.wijk) AS wijken,
         count(DISTINCT w.person) AS persons, count(DISTINCT d.person) AS doubtful
    FROM lines l JOIN worked w USING (period, place) LEFT JOIN doubtful d USING (person)
   GROUP BY l.period, l.level, l.key
),
spent AS (
  SELECT l.period, l.level, l.key, t.measure, sum(w.hours) AS hours
    FROM lines l JOIN took w USING (period, place)
    JOIN tasks t ON t.measure IN ('hours', w.task)
   GROUP BY l.period, l.level, l.key, t.measure
),
asked AS (
  SELECT l.period, l.level, l.key, sum(h.expected) AS expected, sum(h.received) AS received
    FROM lines l
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'attendance', l.place)
   WHERE l.kind IN ('wijkbedrijf', 'pilot') OR l.place IS NULL
   GROUP BY l.period, l.level, l.key
),
told AS (
  SELECT *, received OR persons AS known,
         CASE WHEN received OR persons THEN NULL WHEN expected THEN 'not_answered'
              ELSE 'not_expected' END AS status
    FROM asked LEFT JOIN tally USING (period, level, key)
)
SELECT period, level, key, '' AS measure, iif(known, coalesce(wijken, 0), NULL) AS value,
       NULL AS doubtful, status
  FROM told WHERE level <> 'place'
 UNION ALL
SELECT period, level, key, 'persons', iif(known, coalesce(persons, 0), NULL),
       iif(known, coalesce(doubtful, 0), NULL), status
  FROM told
 UNION ALL
SELECT period, level, key, t.measure, iif(known, coalesce(s.hours, 0), NULL), NULL, status
  FROM told CROSS JOIN tasks t LEFT JOIN spent s USING (period, level, key, measure)
