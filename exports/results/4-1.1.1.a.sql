-- Ontmoetingsplekken die meer uren open zijn
-- result: 4/1.1.1.a
-- pillar: A
-- unit: plekken
-- kind: count
-- over: day
-- good: more
-- questions: schedule.opening_hours place_facts.baseline_hours opening.open closure.closed_reason
-- measure hours: Uren per week volgens het rooster (uren, hours)
-- measure baseline: Uren per week bij de nulmeting (uren, hours)
-- measure more: Uren per week meer dan bij de nulmeting (uren, hours)
-- measure evening: Avonduren per week (uren, hours)
-- measure weekend: Uren per week in het weekend (uren, hours)
-- measure days: Dagen per week volgens het rooster (dagen, count)
-- measure open: Uren echt open (uren, hours)
-- missing: zijn de uren nog niet ruimer
-- The 14 only. The schedule and the baseline are those in force on the last day; a baseline that
-- is left empty later stays. In totals `more` is of the places that have a baseline.
WITH week AS MATERIALIZED (
  SELECT l.period, l.level, l.key, l.place,
         weekly_hours(r.spec) AS hours, evening_hours(r.spec) AS evening,
         weekend_hours(r.spec) AS weekend, open_days(r.spec) AS days,
         weekly_hours((SELECT b.spec FROM baselines b
                        WHERE b.place = l.place AND b.spec IS NOT NULL AND b.valid_from <= l.until
                        ORDER BY b.valid_from DESC LIMIT 1)) AS baseline
    FROM lines l
    LEFT JOIN regular r ON r.place = l.place
     AND l.until BETWEEN r.valid_from AND coalesce(r.valid_until, '9999')
   WHERE l.cohort AND l.present
),
really AS (
  SELECT p.period, o.place, sum(o.hours) AS hours
    FROM periods p JOIN open_hours o ON o.date BETWEEN p.since AND p.until
   GROUP BY p.period, o.place
),
tally AS (
  SELECT l.period, l.level, l.key, count(w.place) AS there,
         sum(w.hours) AS hours, sum(w.baseline) AS baseline, sum(w.evening) AS evening,
         sum(w.weekend) AS weekend, sum(w.days) AS days,
         sum(w.hours > w.baseline) AS wider, sum(w.hours - w.baseline) AS more,
         sum(o.hours) AS open, sum(h.expected) AS expected
    FROM lines l
    LEFT JOIN week w USING (period, level, key, place)
    LEFT JOIN really o USING (period, place)
    LEFT JOIN heard h ON (h.period, h.form_id, h.place) = (l.period, 'opening', l.place)
   WHERE l.cohort OR l.place IS NULL
   GROUP BY l.period, l.level, l.key
),
told AS (  -- what is said where there is no number
  SELECT *, iif(there, 'not_answered', 'not_expected') AS unknown,
         CASE WHEN NOT there THEN 'not_expected' WHEN baseline IS NULL THEN 'no_baseline'
              ELSE 'not_answered' END AS unmeasured
    FROM tally
)
SELECT period, level, key, '' AS measure, wider AS value, wider AS numerator,
       iif(wider IS NULL, NULL, there) AS denominator,
       iif(wider IS NULL, unmeasured, NULL) AS status
  FROM told
 UNION ALL
SELECT period, level, key, 'hours', hours, NULL, NULL, iif(hours IS NULL, unknown, NULL) FROM told
 UNION ALL
SELECT period, level, key, 'baseline', baseline, NULL, NULL,
       iif(baseline IS NULL, unmeasured, NULL)
  FROM told
 UNION ALL
SELECT period, level, key, 'more', more, NULL, NULL, iif(more IS NULL, unmeasured, NULL) FROM told
 UNION ALL
SELECT period, level, key, 'evening', evening, NULL, NULL, iif(evening IS NULL, unknown, NULL)
  FROM told
 UNION ALL
SELECT period, level, key, 'weekend', weekend, NULL, NULL, iif(weekend IS NULL, unknown, NULL)
  FROM told
 UNION ALL
SELECT period, level, key, 'days', days, NULL, NULL, iif(days IS NULL, unknown, NULL) FROM told
 UNION ALL
SELECT period, level, key, 'open', open, NULL, NULL,
       CASE WHEN open IS NOT NULL THEN NULL WHEN expected THEN 'not_answered'
            ELSE 'not_expected' END
  FROM told
