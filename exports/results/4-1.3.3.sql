-- Ontmoetingsplekken waar hulpverleners kwamen
-- result: 4/1.3.3
-- pillar: A
-- unit: plekken
-- kind: count
-- over: year
-- good: more
-- questions: month_report.partners_present visitors.ref_police visitors.ref_mental_health visitors.ref_housing visitors.ref_money visitors.ref_municipality visitors.ref_work_school visitors.ref_care visitors.ref_neighbours visitors.ref_other
-- measure police: Politie was er (plekken, count)
-- measure mental_health: GGZ was er (plekken, count)
-- measure housing: Woningcorporatie was er (plekken, count)
-- measure money: Hulp bij geld en schulden was er (plekken, count)
-- measure municipality: Gemeente was er (plekken, count)
-- measure work_school: Hulp bij werk of school was er (plekken, count)
-- measure care: Huisarts, zorg of maatschappelijk werk was er (plekken, count)
-- measure neighbours: Buren of vrijwilligers waren er (plekken, count)
-- measure other: Een andere organisatie was er (plekken, count)
-- measure referrals: Doorverwezen (keer, count)
-- measure ref_police: Doorverwezen naar de politie (keer, count)
-- measure ref_mental_health: Doorverwezen naar de GGZ (keer, count)
-- measure ref_housing: Doorverwezen naar de woningcorporatie (keer, count)
-- measure ref_money: Doorverwezen voor geld en schulden (keer, count)
-- measure ref_municipality: Doorverwezen naar de gemeente (keer, count)
-- measure ref_work_school: Doorverwezen naar werk of school (keer, count)
-- measure ref_care: Doorverwezen naar huisarts, zorg of maatschappelijk werk (keer, count)
-- measure ref_neighbours: Doorverwezen naar buren of vrijwilligers (keer, count)
-- measure ref_other: Doorverwezen ergens anders heen (keer, count)
-- missing: kwam nog geen hulpverlener
-- Meeting places where a service was present in at least one month of the period; neighbours alone
-- are no service, and a month report that names none says that none was there.
-- Referrals are times, never persons: of one month only the total is told, because one month of one
-- place would say too much of few people.
WITH services (measure) AS (
  VALUES (''), ('police'), ('mental_health'), ('housing'), ('money'), ('municipality'),
         ('work_school'), ('care'), ('neighbours'), ('other')
),
answered AS MATERIALIZED (
  SELECT p.period, r.place, j.value AS service
    FROM periods p JOIN month_report r ON r.month BETWEEN p.since AND p.until
    LEFT JOIN json_each(r.partners_present) j
),
present AS (
  SELECT l.period, l.level, l.key, s.measure, count(a.place) AS reports,
         count(DISTINCT CASE WHEN s.measure = a.service
                               OR (s.measure = '' AND a.service <> 'neighbours')
                             THEN a.place END) AS places
    FROM lines l CROSS JOIN services s LEFT JOIN answered a USING (period, place)
   WHERE l.kind = 'meeting_place' OR l.place IS NULL
   GROUP BY l.period, l.level, l.key, s.measure
),
referred AS MATERIALIZED (
  SELECT s.period, v.place, sum(v.ref_police) AS ref_police,
         sum(v.ref_mental_health) AS ref_mental_health,
         sum(v.ref_housing) AS ref_housing,
         sum(v.ref_money) AS ref_money,
         sum(v.ref_municipality) AS ref_municipality,
         sum(v.ref_work_school) AS ref_work_school,
         sum(v.ref_care) AS ref_care,
         sum(v.ref_neighbours) AS ref_neighbours,
         sum(v.ref_other) AS ref_other
    FROM visitors v CROSS JOIN dates d ON d.day = v.date JOIN stretches s USING (stretch)
   WHERE v.date BETWEEN (SELECT min(since) FROM periods) AND (SELECT max(until) FROM periods)
   GROUP BY s.period, v.place
),
times (period, place, measure, times) AS MATERIALIZED (
  SELECT period, place, 'ref_police', ref_police FROM referred
   UNION ALL SELECT period, place, 'ref_mental_health', ref_mental_health FROM referred
   UNION ALL SELECT period, place, 'ref_housing', ref_housing FROM referred
   UNION ALL SELECT period, place, 'ref_money', ref_money FROM referred
   UNION ALL SELECT period, place, 'ref_municipality', ref_municipality FROM referred
   UNION ALL SELECT period, place, 'ref_work_school', ref_work_school FROM referred
   UNION ALL SELECT period, place, 'ref_care', ref_care FROM referred
   UNION ALL SELECT period, place, 'ref_neighbours', ref_neighbours FROM referred
   UNION ALL SELECT period, place, 'ref_other', ref_other FROM referred
),
destinations (measure, only) AS (
  VALUES ('referrals', NULL), ('ref_police', 'ref_police'),
         ('ref_mental_health', 'ref_mental_health'), ('ref_housing', 'ref_housing'),
         ('ref_money', 'ref_money'), ('ref_municipality', 'ref_municipality'),
         ('ref_work_school', 'ref_work_school'), ('ref_care', 'ref_care'),
         ('ref_neighbours', 'ref_neighbours'), ('ref_other', 'ref_other')
),
referrals AS (
  SELECT l.period, l.level, l.key, d.measure,
         sum(t.times) FILTER (WHERE t.measure = coalesce(d.only, t.measure)) AS times
    FROM lines l CROSS JOIN destinations d LEFT JOIN times t USING (period, place)
   WHERE (l.kind = 'meeting_place' OR l.place IS NULL)
     AND (l.level = 'total' OR julianday(l.until) - julianday(l.since) > 80)
   GROUP BY l.period, l.level, l.key, d.measure
),
due AS (
  SELECT l.period, l.level, l.key,
         sum(h.expected) FILTER (WHERE h.form_id = 'month_report') AS months,
         sum(h.expected) FILTER (WHERE h.form_id = 'visitors') AS dayparts
    FROM lines l JOIN heard h USING (period, place)
   WHERE l.kind = 'meeting_place'
   GROUP BY l.period, l.level, l.key
)
SELECT p.period, p.level, p.key, p.measure, iif(p.reports, p.places, NULL) AS value,
       CASE WHEN p.reports THEN NULL WHEN d.months THEN 'not_answered'
            ELSE 'not_expected' END AS status
  FROM present p LEFT JOIN due d USING (period, level, key)
 UNION ALL
SELECT r.period, r.level, r.key, r.measure, r.times,
       CASE WHEN r.times IS NOT NULL THEN NULL WHEN d.dayparts THEN 'not_answered'
            ELSE 'not_expected' END
  FROM referrals r LEFT JOIN due d USING (period, level, key)
