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
  SELECT _id, place, date, 'ref_police' AS measure, ref_police AS times FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_mental_health', ref_mental_health FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_housing', ref_housing FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_money', ref_money FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_municipality', ref_municipality FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_work_school', ref_work_school FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_care', ref_care FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_neighbours', ref_neighbours FROM visitors
   UNION ALL SELECT _id, place, date, 'ref_other', ref_other FROM visitors
),
times AS MATERIALIZED (
  SELECT p.period, r.place, r.measure, sum(r.times) AS times
    FROM periods p JOIN referred r ON r.date BETWEEN p.since AND p.until
   WHERE r.times IS NOT NULL
   GROUP BY p.period, r.place, r.measure
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
