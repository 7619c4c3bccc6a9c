"""The statements that fill a store by bulk: records as places make them, day after day.

`spot`, `day`, `month`, `worker` and `crew` are temporary tables; a number made of a place and a day
stands in for chance. Records come in the order of their days, as in life, so that those of one
place lie far apart.
"""

from __future__ import annotations

FRAME = """
CREATE TEMP TABLE spot (n INTEGER PRIMARY KEY, code TEXT, kind TEXT, week TEXT, shut TEXT);
CREATE TEMP TABLE worker (
  n INTEGER, code TEXT, role TEXT, nth INTEGER, since TEXT, until TEXT, row TEXT
);
CREATE TEMP TABLE day (ahead INTEGER PRIMARY KEY, date TEXT, weekday INTEGER, part TEXT);
CREATE TEMP TABLE month (nth INTEGER PRIMARY KEY, date TEXT, after TEXT);
CREATE TEMP TABLE crew (
  n INTEGER, role TEXT, part TEXT, variant INTEGER, codes TEXT, PRIMARY KEY (n, role, part, variant)
) WITHOUT ROWID;
CREATE TEMP TABLE work (
  id INTEGER PRIMARY KEY, n INTEGER, code TEXT, kind TEXT, date TEXT, part TEXT, chance INTEGER,
  since TEXT, until TEXT, hours TEXT
);
"""

CREWS = """
INSERT OR IGNORE INTO crew
SELECT n, role, part, variant, '["' || group_concat(code, '", "') || '"]'
  FROM (SELECT w.n, w.role, q.part, v.value AS variant, w.code
          FROM (SELECT part, min(date) AS since, max(date) AS until FROM day GROUP BY part) q
          JOIN worker w ON w.since <= q.since AND coalesce(w.until, '9999') > q.until
          JOIN json_each('[0, 1, 2]') v ON (w.nth + v.value) % 3
         ORDER BY w.n, w.nth)
 GROUP BY n, role, part, variant;
"""

WORK = """
INSERT INTO work (n, code, kind, date, part, chance, since, until, hours)
SELECT s.n, s.code, s.kind, d.date, d.part, (s.n * 7919 + d.ahead * 104729) % 9973,
       iif(d.date < :wider, '10:00', '09:00'), iif(d.date < :wider, '16:00', '17:00'),
       iif(d.date < :wider, '6', '8')
  FROM day d CROSS JOIN spot s
 WHERE substr(s.week, d.weekday + 1, 1) = '1'
   AND substr(d.date, 6) NOT BETWEEN s.shut AND substr(date('2001-' || s.shut, '+6 days'), 6)
"""
"""The days on which a place is open by its schedule, from which it is open longer on."""

_OWN = "_id, _place, _version, _submitted_at, _received_at, _edits, _state, place"
_KEPT = """
printf('{prefix}000000-0000-4000-8000-%012x', {id}), {place}, '{{version}}', {day} || 'T19:00:00Z',
{day} || 'T19:00:00Z', 0, 'current', {place}
"""


def _kept(prefix: str, number: str = "w.id", day: str = "w.date", place: str = "w.code") -> str:
    return _KEPT.format(prefix=prefix, id=number, day=day, place=place)


RECORDS = {
    "opening": f"""
INSERT INTO form_opening ({_OWN}, regular_from, regular_until, date, open, open_from, open_until,
                          hours_regular, hours_open, closed_reason)
SELECT {_kept("01")}, w.since, w.until, w.date, iif(shut, 'no', 'yes'), iif(shut, NULL, w.since),
       iif(shut, NULL, w.until), w.hours, iif(shut, '0', w.hours), iif(shut, 'no_volunteers', NULL)
  FROM (SELECT *, chance % 50 = 1 AS shut FROM work) w WHERE w.chance % 25""",
    "visitors": f"""
INSERT INTO form_visitors ({_OWN}, date, daypart, visitors, activities, new_visitors, ref_care,
                           ref_money)
SELECT {_kept("02", "2 * w.id + p.key")}, w.date, p.value, 5 + w.chance % 31,
       iif(w.chance % 3, '["drop_in", "meal"]', '["language", "digital_help", "youth"]'),
       iif(w.chance % 4, NULL, w.chance % 4), iif(w.chance % 12, NULL, 1),
       iif(w.chance % 15, NULL, 2)
  FROM work w JOIN json_each('["morning", "afternoon"]') p
 WHERE w.kind <> 'pilot' AND w.chance % 50 <> 1 AND (w.chance + p.key) % 10 > 2""",
    "volunteer_hours": f"""
INSERT INTO form_volunteer_hours ({_OWN}, date, who, hours)
SELECT {_kept("03")}, w.date, c.codes, 2.0 + w.chance % 7 * 0.5
  FROM work w JOIN crew c
    ON (c.n, c.role, c.part, c.variant) = (w.n, 'volunteer', w.part, w.chance % 3)
 WHERE w.chance % 50 <> 1 AND w.chance % 7 > 3""",
    "attendance": f"""
INSERT INTO form_attendance ({_OWN}, date, daypart, task, who, hours)
SELECT {_kept("04", "2 * w.id + p.key")}, w.date, p.value,
       json_extract('["green", "litter", "repairs", "squares", "food", "reuse", "host", "making",
                      "office_work", "learning", "painting"]', '$[' || (w.chance % 11) || ']'),
       c.codes, 3.0 + w.chance % 3 * 0.5
  FROM work w JOIN json_each('["morning", "afternoon"]') p
  JOIN crew c
    ON (c.n, c.role, c.part, c.variant)
     = (w.n, 'participant', w.part, (w.chance + p.key) % 3)
 WHERE w.chance % 50 <> 1 AND (w.kind = 'wijkbedrijf' OR p.key = 0)""",
    "month_report": f"""
INSERT INTO form_month_report ({_OWN}, month, worked, not_worked, change, lesson_about,
                               support_received, partners_present)
SELECT {_kept("05", "w.nth * 1000 + w.n", "w.after")}, w.date, 'De taalles zit vol.',
       iif(w.chance, NULL, 'De vrijdag was stil.'), iif(w.chance, NULL, 'Een nieuw rooster.'),
       '["reach", "language"]', '["none"]', iif(w.chance, '["police", "money"]', '["care"]')
  FROM (SELECT *, (s.n + m.nth) % 4 AS chance FROM month m CROSS JOIN spot s) w
 WHERE (w.n + w.nth) % 10""",
    "volunteer_month": f"""
INSERT INTO form_volunteer_month ({_OWN}, month, allowance)
SELECT {_kept("06", "w.nth * 1000 + w.n", "w.after")}, w.date, c.codes
  FROM (SELECT s.*, m.nth, m.date AS date, m.after, d.part
          FROM month m CROSS JOIN spot s JOIN day d ON d.date = m.date) w
  JOIN crew c ON (c.n, c.role, c.part, c.variant) = (w.n, 'volunteer', w.part, w.nth % 3)
 WHERE (w.n + w.nth) % 11""",
    "year_report": f"""
INSERT INTO form_year_report ({_OWN}, place_kind, year, outlook, own_income_eur, total_income_eur)
SELECT {_kept("07", "w.nth * 1000 + w.n", "w.after")}, w.kind, substr(w.date, 1, 4) || '-01-01',
       'Volgend jaar ook in de avond.', iif(w.kind = 'wijkbedrijf', 1000.0 + w.n, NULL),
       iif(w.kind = 'wijkbedrijf', 90000.0 + w.n, NULL)
  FROM (SELECT * FROM month m CROSS JOIN spot s WHERE substr(m.date, 6, 2) = '12') w""",
    "closure": f"""
INSERT INTO form_closure ({_OWN}, [from], until, closed_reason)
SELECT {_kept("08", "w.nth * 1000 + w.n")}, substr(w.date, 1, 5) || w.shut,
       date(substr(w.date, 1, 5) || w.shut, '+6 days'), 'vacation'
  FROM (SELECT * FROM month m CROSS JOIN spot s WHERE substr(m.date, 6, 2) = '06') w""",
    "step": f"""
INSERT INTO form_step ({_OWN}, person, date, step, left_reason)
SELECT {_kept("09", "2 * w.rowid + p.key")}, w.worker, w.date, w.step,
       iif(w.step = 'left', json_extract(
         '["paid_work", "education", "moved", "personal", "unknown"]', '$[' || (w.nth % 5) || ']'),
         NULL)
  FROM (SELECT w.rowid, s.code, w.code AS worker, w.nth, p.key, p.value AS step,
               iif(p.key, w.until, date(w.since, '+60 days')) AS date
          FROM worker w JOIN spot s USING (n)
          JOIN json_each('["coaching_offered", "left"]') p) w
  JOIN (SELECT 0 AS key UNION ALL SELECT 1) p USING (key)
 WHERE w.date < :today AND (w.key = 1 OR w.nth % 2)
 ORDER BY w.date""",
    "place_facts": f"""
INSERT INTO form_place_facts ({_OWN}, valid_from, baseline_hours, coordinators,
                              coordinators_trained, coordinators_paid)
SELECT {_kept("0a", "w.n")}, w.date, 'Mo 10:00-16:00; We 10:00-16:00', 1 + w.n % 2, 1, w.n % 2
  FROM (SELECT s.*, d.date FROM spot s JOIN day d ON d.ahead = 0) w
 WHERE w.kind = 'meeting_place'""",
}
"""Of each form the statement that fills its table; `{version}` is that of the form."""
