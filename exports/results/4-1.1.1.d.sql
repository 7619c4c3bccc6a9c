-- Netwerk van coördinatoren
-- result: 4/1.1.1.d
-- pillar: A
-- unit: ja of nee
-- kind: yes_no
-- over: day
-- good: more
-- questions: milestone.status network_meeting.date network_meeting.places
-- measure meetings: Bijeenkomsten van het netwerk (bijeenkomsten, count)
-- measure places: Plekken die er bij waren (plekken, count)
-- missing places: was niemand op een bijeenkomst van het netwerk
-- It exists when its milestone is reached. Of a place or wijk only told whether it was there: each
-- place counts once, however often it came. The places are the 14.
WITH met AS (
  SELECT p.period, m.date, m.places
    FROM periods p JOIN network_meeting m ON m.date BETWEEN p.since AND p.until
),
came AS (
  SELECT DISTINCT m.period, j.value AS place FROM met m, json_each(m.places) j
)
SELECT p.period, 'total' AS level, '' AS key, '' AS measure, s.reached AS value,
       iif(s.reached IS NULL, 'not_answered', NULL) AS status
  FROM periods p LEFT JOIN standing s ON (s.period, s.result_id) = (p.period, '4/1.1.1.d')
 UNION ALL
SELECT p.period, 'total', '', 'meetings', count(m.date), NULL
  FROM periods p LEFT JOIN met m USING (period)
 GROUP BY p.period
 UNION ALL
SELECT l.period, l.level, l.key, 'places', iif(max(l.active), count(c.place), NULL),
       iif(max(l.active) OR l.level = 'total', NULL, 'not_expected')
  FROM lines l LEFT JOIN came c USING (period, place)
 WHERE l.cohort OR l.place IS NULL
 GROUP BY l.period, l.level, l.key
