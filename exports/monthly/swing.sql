-- Eén rij per periode en gebied: de cijfers zoals het stelsel van de stad ze inleest.
-- `notation` says how the city writes a month and a year, exports/shared/geography.sql how it calls
-- the areas, the headings in workbook.toml are its codes: change them there. What is protected, not
-- answered or not expected is empty; Levering says which.
WITH notation (kind, written) AS (
  VALUES ('month', '%Ym%m'), ('year', '%Y')
),
figures AS MATERIALIZED (
  SELECT g.period, g.level, g.key, g.result || '#' || g.measure AS figure,
         g.value, g.numerator, g.denominator
    FROM readings g
   WHERE typeof(g.value) <> 'text'
)
SELECT strftime(n.written, p.since) AS period, a.geolevel AS geolevel, a.geoitem AS geoitem,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.1.a#'), '') AS open_more,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.1.a#hours'), '') AS open_hours,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.1.b#'), '') AS trained_share,
       coalesce(max(f.numerator) FILTER (WHERE f.figure = '4/1.1.1.b#'), '') AS trained,
       coalesce(max(f.denominator) FILTER (WHERE f.figure = '4/1.1.1.b#'), '') AS trained_of,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.1.c#'), '') AS paid,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.1.e#'), '') AS supported,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.1.f#'), '') AS programme,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.1.g#'), '') AS step_up,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.2.a#'), '') AS company_people,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.3.b#visits'), '') AS visits,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.3.b#volunteers'), '') AS volunteers,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.1.3.b#volunteer_hours'), '') AS volunteer_hours,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/1.3.3#'), '') AS partners,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/2.4.2.a#'), '') AS language_childcare,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/2.5.a#'), '') AS companies,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/2.5.b#'), '') AS pilot_people,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/2.5.c#persons'), '') AS distant_people,
       coalesce(max(f.value) FILTER (WHERE f.figure = '4/2.5.c#hours'), '') AS distant_hours,
       coalesce(max(f.value) FILTER (WHERE f.figure = '2#'), '') AS lessons
  FROM periods p
  JOIN notation n USING (kind)
  JOIN geography a
  LEFT JOIN figures f USING (period, level, key)
 WHERE :place IS NULL
 GROUP BY p.position, a.level, a.key
 ORDER BY p.position, a.level DESC, a.key
