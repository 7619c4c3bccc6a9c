"""What the small year of year.py comes to, worked out on paper: the figures and why.

Every line: October 2025, 2025, the deal up to the end of 2025, 2024. In October, unless a comment
says otherwise, everything that a comment lists lies in 2025; what lies in 2024 says so.
"""

from __future__ import annotations

from collections.abc import Mapping

NA, NX, NB = "not_answered", "not_expected", "no_baseline"
PERIODS = ("2025-10", "2025", "deal", "2024")
Figures = tuple[object, object, object, object]

PAPER: Mapping[str, Mapping[tuple[str, str], Figures]] = {
    # OP-01 opened 3 x 8 = 24 hours a week, from July 5 x 8 + 2.5 (Wednesday evening) = 42.5; its
    # baseline is 24. OP-02: 2 x 6 + 4 on Saturday = 16, no baseline. OP-03 is not of the 14.
    # Really open: OP-01 8 (2024), 8 (March), 1 October 8 + 2.5, 3 October 4, 6 October closed;
    # OP-02 6. The second record of 3 October waits.
    "4/1.1.1.a": {
        ("", ""): (1, 1, 1, 0),
        ("", "OP-01"): (1, 1, 1, 0),
        ("", "OP-02"): (NB, NB, NB, NB),
        ("", "bouwlust"): (1, 1, 1, 0),
        ("", "moerwijk"): (NB, NB, NB, NB),
        ("", "morgenstond"): (NX, NX, NX, NX),
        ("hours", ""): (58.5, 58.5, 58.5, 40),
        ("hours", "OP-01"): (42.5, 42.5, 42.5, 24),
        ("baseline", ""): (24, 24, 24, 24),
        ("baseline", "OP-02"): (NB, NB, NB, NB),
        ("more", ""): (18.5, 18.5, 18.5, 0),
        ("evening", ""): (2.5, 2.5, 2.5, 0),
        ("weekend", ""): (4, 4, 4, 4),
        ("days", ""): (8, 8, 8, 6),
        ("open", ""): (20.5, 28.5, 36.5, 8),
        ("open", "OP-01"): (14.5, 22.5, 30.5, 8),
        ("open", "OP-02"): (6, 6, 6, NA),
    },
    # OP-01: 2 coordinators, 1 trained, from May both trained and both paid. OP-02: 1, neither.
    "4/1.1.1.b": {
        ("", ""): (2 / 3, 2 / 3, 2 / 3, 1 / 3),
        ("", "OP-01"): (1, 1, 1, 0.5),
        ("", "OP-02"): (0, 0, 0, 0),
        ("", "vrederust"): (NX, NX, NX, NX),
        ("trained", ""): (2, 2, 2, 1),
        ("coordinators", ""): (3, 3, 3, 3),
    },
    "4/1.1.1.c": {
        ("", ""): (1, 1, 1, 0),
        ("", "OP-01"): (1, 1, 1, 0),
        ("", "OP-02"): (0, 0, 0, 0),
        ("paid", ""): (2, 2, 2, 0),
    },
    # Reached on 15 September 2025. Meetings: November 2024 (OP-01, OP-02), February (OP-01),
    # 7 October (OP-01 and OP-03, which is not of the 14).
    "4/1.1.1.d": {
        ("", ""): (1, 1, 1, 0),
        ("meetings", ""): (1, 2, 3, 1),
        ("places", ""): (1, 1, 2, 2),
        ("places", "OP-02"): (0, 0, 1, 1),
    },
    # October: OP-01 with volunteers and marketing, OP-02 said none; April: OP-02 with volunteers
    # and something else; November 2024: OP-01 said none.
    "4/1.1.1.e": {
        ("", ""): (1, 2, 2, 0),
        ("", "OP-01"): (1, 1, 1, 0),
        ("", "OP-02"): (0, 1, 1, NA),
        ("volunteers", ""): (1, 2, 2, 0),
        ("marketing", ""): (1, 1, 1, 0),
        ("sponsors", ""): (0, 0, 0, 0),
        ("business", ""): (0, 0, 0, 0),
        ("other", ""): (0, 1, 1, 0),
    },
    # OP-01 checked on 2 November 2024 and 20 September 2025; OP-02 reported, and never checked.
    # Dayparts: OP-01 1 October morning (drop-in, language with child care) and afternoon
    # (language, not counted), 3 October morning (drop-in); OP-02 2 October (meal, two doors are
    # one daypart), 4 March (meal and both kinds of lesson); OP-01 May 2024 (with child care).
    # The party of OP-01 waits, that of OP-02 was withdrawn, that of OP-03 is not of the 14.
    "4/1.1.1.f": {
        ("", ""): (1, 1, 1, 1),
        ("", "OP-01"): (1, 1, 1, 1),
        ("", "OP-02"): (0, 0, 0, NA),
        ("drop_in", ""): (2, 2, 2, 0),
        ("meal", ""): (1, 2, 2, 0),
        ("language", ""): (1, 2, 2, 0),
        ("language_childcare", ""): (1, 2, 3, 1),
        ("party", ""): (0, 0, 0, 0),
        ("unlisted", ""): (0, 0, 0, 0),
    },
    # Allowances: OP-01 November 2024 Ann, Bas; March Ann; October Ann, Cor, Gus; November nobody.
    # OP-02 March Bas, Cor, Fay; October Gus (by the other card), Fay; December withdrawn.
    # OP-03 October Dia. Offered: Ann December 2024, Eva February, Bas April, Cor May (at OP-02,
    # before moving to OP-01), Dia June, Gus 20 October (at OP-02); Fay never.
    # So in 2024 Ann, not Bas; in October Ann, Cor, Gus; in 2025 Bas as well (March, offered in
    # April). Cor's allowance of OP-02 counts there though the offer came later in the year.
    "4/1.1.1.g": {
        ("", ""): (3, 4, 4, 1),
        ("", "OP-01"): (3, 3, 3, 1),
        ("", "OP-02"): (1, 3, 3, NA),
        ("", "moerwijk"): (1, 3, 3, NA),
        ("", "vrederust"): (NX, NX, NX, NX),
        ("year", ""): (4, 4, 4, 1),
        ("elsewhere", ""): (1, 1, 1, NA),  # in 2024 the wijkbedrijf and the pilot said nothing
        ("elsewhere", "OP-03"): (1, 1, 1, NX),
        ("allowance", ""): (4, 5, 5, 2),
        ("allowance", "OP-01"): (3, 3, 4, 2),
        ("allowance", "OP-02"): (2, 4, 4, NA),
        ("offered", ""): (1, 4, 5, 1),
        ("offered", "OP-01"): (0, 0, 1, 1),
        ("offered", "OP-02"): (1, 4, 4, 0),
        ("started", ""): (1, 2, 2, 0),  # Ann in January, Bas in October
        ("done", ""): (0, 1, 1, 0),  # Ann in June
        ("paid_work", ""): (1, 2, 2, 0),  # Ann stays, Fay left; Job left as a participant
    },
    # On a liveability task at WB-01: Ima, Job, Eva and Kim in October (Job in both crews), Mia in
    # May (learning in October is none), Ima in 2024. At WB-02 Ima and Lou; Lou's second record
    # waits, Kim's painting was withdrawn. Seen in October: Mia as well; in December nobody.
    # In a pilot: Job from February to 5 December, Kim from March to August, Mia until 31 March.
    # Income: 500 of 5000 in 2024, 2000 of 8000 and 1000 of 4000 in 2025.
    "4/1.1.2.a": {
        ("", ""): (5, 6, 6, 1),
        ("", "WB-01"): (4, 5, 5, 1),
        ("", "WB-02"): (2, 2, 2, NX),
        ("", "moerwijk"): (4, 5, 5, 1),
        ("", "vrederust"): (2, 2, 2, NX),
        ("", "bouwlust"): (NX, NX, NX, NX),
        ("year", ""): (6, 6, 6, 1),
        ("in_pilot", ""): (1, 3, 3, 0),
        ("in_pilot", "WB-02"): (0, 0, 0, NX),
        ("active", ""): (6, 0, 0, 0),
        ("active", "WB-01"): (5, 0, 0, 0),
        ("ever", ""): (6, 6, 6, 1),
        ("ever", "WB-01"): (5, 5, 5, 1),
        ("ever_in_pilot", ""): (3, 3, 3, 0),
        ("wijken", ""): (2, 2, 2, 1),
        ("wijken", "vrederust"): (1, 1, 1, 0),
        ("wijken", "morgenstond"): (0, 0, 0, 0),
        ("own_income", ""): (NX, 3000 / 12000, 3500 / 17000, 500 / 5000),
        ("incomes", ""): (NX, 2, 2, 1),
    },
    "4/1.1.2.b": {("", ""): (0, 1, 1, NA), ("status", ""): ("busy", "reached", "reached", NA)},
    "4/2.5.3.a": {("", ""): (NA, NA, NA, NA)},
    # Reached on 20 March 2024, and secured in April 2025.
    "4/1.1.3.a": {
        ("", ""): ("2024-03-20", "2024-03-20", "2024-03-20", "2024-03-20"),
        ("status", ""): ("secured", "secured", "secured", "reached"),
    },
    # Visits: OP-01 12 + 9 (8 corrected, 30 waits), OP-02 5 + 4 (two doors), OP-03 3; March 7 (50
    # withdrawn); May 2024 10. Volunteers: Ann 4, Bas 4 and 3, Cor 2, Gus 3 (OP-02) and 5 (OP-01),
    # Dia 2; Ann 4 in 2024. OP-02 said in March that nobody was there.
    "4/1.1.3.b": {
        ("", ""): (NA, NA, NA, NA),
        ("visits", ""): (33, 40, 50, 10),
        ("visits", "OP-01"): (21, 21, 31, 10),
        ("visits", "OP-02"): (9, 16, 16, NA),
        ("visits", "OP-03"): (3, 3, 3, NX),
        ("new_visitors", ""): (2, 2, 12, 10),
        ("volunteers", ""): (5, 5, 5, 1),
        ("volunteers", "OP-01"): (4, 4, 4, 1),
        ("volunteers", "OP-02"): (2, 2, 2, NA),
        ("volunteers", "moerwijk"): (3, 3, 3, NA),
        ("volunteer_hours", ""): (23, 23, 27, 4),
        ("volunteer_hours", "OP-01"): (15, 15, 19, 4),
    },
    # October: police and neighbours at OP-01, neighbours at OP-02, housing at OP-03; April: the
    # municipality at OP-02; November 2024: care at OP-01. Referred: OP-01 2 for money and 1 for
    # care in October, OP-02 1 for money in March.
    "4/1.3.3": {
        ("", ""): (2, 3, 3, 1),
        ("", "OP-02"): (0, 1, 1, NA),
        ("police", ""): (1, 1, 1, 0),
        ("housing", ""): (1, 1, 1, 0),
        ("neighbours", ""): (2, 2, 2, 0),
        ("municipality", ""): (0, 1, 1, 0),
        ("care", ""): (0, 0, 1, 1),
        ("referrals", ""): (3, 4, 4, NA),
        ("ref_money", ""): (2, 3, 3, NA),
        ("ref_care", ""): (1, 1, 1, NA),
        ("ref_police", ""): (NA, NA, NA, NA),
    },
    "4/2.4.2.a": {  # the dayparts of 4/1.1.1.f, and a lesson at WB-01
        ("", ""): (1, 2, 3, 1),
        ("", "WB-01"): (0, 0, 0, NA),
        ("lessons", ""): (3, 4, 5, 1),
        ("lessons", "OP-02"): (0, 1, 1, NA),
    },
    "4/2.5.a": {
        ("", ""): (2, 2, 2, 1),
        ("", "vrederust"): (1, 1, 1, 0),
        ("", "morgenstond"): (0, 0, 0, 0),
        ("companies", ""): (2, 2, 2, 1),
    },
    # PI-01: Mia to March, Nol to 20 December 2024. PI-02: Job to 5 December, Kim to August.
    "4/2.5.b": {
        ("", ""): (4, 4, 4, 2),
        ("", "moerwijk"): (2, 2, 2, 0),
        ("", "vrederust"): (2, 2, 2, 2),
        ("present", ""): (1, 0, 0, 1),
        ("pilots", ""): (2, 2, 2, 1),
        ("wijken", ""): (2, 2, 2, 1),
        ("wijken", "bouwlust"): (0, 0, 0, 0),
    },
    # Yes for Ima, Job, Eva, Mia, Nol. October: green 3 + 3 + 2, litter Job 1 (Kim does not count),
    # squares Ima 2 at WB-02; May: repairs Mia 4, Ima 4, food Job 3; February: green Mia 3 at
    # IE-01. 2024: green Ima 2 at WB-01, Mia 3 and Nol 3 at IE-01.
    "4/2.5.c": {
        ("", ""): (2, 2, 2, 2),
        ("", "vrederust"): (1, 1, 1, 1),
        ("", "bouwlust"): (NX, NX, NX, NX),
        ("persons", ""): (3, 4, 5, 3),
        ("persons", "WB-02"): (1, 1, 1, NX),
        ("persons", "IE-01"): (NA, 1, 2, 2),
        ("hours", ""): (11, 25, 33, 8),
        ("green", ""): (8, 11, 19, 8),
        ("litter", ""): (1, 1, 1, 0),
        ("squares", ""): (2, 2, 2, 0),
        ("repairs", ""): (0, 8, 8, 0),
        ("food", ""): (0, 3, 3, 0),
        ("unlisted", ""): (0, 0, 0, 0),
    },
    "4/1.2.1.a": {("", ""): ("busy",) * 4, ("value", ""): (2.5,) * 4},  # secured was withdrawn
    "4/1.3.1": {("", ""): (1, 3, 3, NA), ("status", ""): ("busy", "reached", "reached", NA)},
    "4/2.3.3.a": {("", ""): (80, 80, 80, 60)},
    "3/2.5.1": {("", ""): ("attention", "attention", "attention", NA)},
    # Six places report; OP-03 from March, WB-02 from June: 3 x 12 + 12 + 10 + 7 = 65 months in
    # 2025, and 4 x 12 = 48 in 2024. Came: October OP-01, OP-02, OP-03 (that of WB-01 was
    # withdrawn), April OP-02, November 2024 OP-01.
    "2": {
        ("", ""): (3, 3, 3, 1),
        ("", "WB-01"): (NA, NA, NA, NA),
        ("reports", ""): (3, 4, 5, 1),
        ("complete", ""): (3 / 6, 4 / 65, 5 / 113, 1 / 48),
        ("reach", ""): (2, 2, 2, 0),
        ("money", ""): (1, 1, 1, 0),
        ("safety", ""): (0, 0, 0, 0),
    },
}  # fmt: skip

DOUBTFUL: Mapping[tuple[str, str, str], tuple[int, int, int, int | None]] = {
    ("4/1.1.1.g", "", ""): (0, 0, 0, 0),  # Gus was merged, so is not doubtful any more
    ("4/1.1.1.g", "allowance", ""): (1, 1, 1, 0),  # Fay
    ("4/1.1.1.g", "allowance", "OP-01"): (0, 0, 0, 0),
    ("4/1.1.2.a", "", ""): (1, 1, 1, 0),  # Lou
    ("4/1.1.2.a", "", "vrederust"): (1, 1, 1, None),
    ("4/1.1.2.a", "active", ""): (1, 0, 0, 0),
    ("4/1.1.3.b", "volunteers", ""): (1, 1, 1, 0),  # Dia
    ("4/2.5.b", "", ""): (0, 0, 0, 0),
    ("4/2.5.c", "persons", ""): (0, 0, 0, 0),
}
"""How many of a headcount are possibly double."""

OTHER_MONTHS: Mapping[tuple[str, str, str, str], object] = {
    ("4/1.1.1.a", "hours", "", "2025-06"): 40,  # the schedule changes on 1 July
    ("4/1.1.1.a", "hours", "", "2025-07"): 58.5,
    ("4/1.1.1.a", "", "OP-01", "2025-06"): 0,
    ("4/1.1.1.a", "open", "OP-01", "2025-07"): NA,
    ("4/1.1.1.c", "", "", "2025-04"): 0,
    ("4/1.1.1.c", "", "", "2025-05"): 1,
    ("4/1.1.1.d", "", "", "2024-05"): NA,  # before its first milestone
    ("4/1.1.1.d", "", "", "2025-08"): 0,
    ("4/1.1.1.f", "", "", "2024-10"): NA,
    ("4/1.1.1.f", "", "OP-01", "2025-08"): 1,  # checked in November 2024
    ("4/1.1.1.g", "", "", "2024-11"): 0,  # Ann was offered coaching in December
    ("4/1.1.1.g", "", "", "2025-03"): 1,  # Ann; Bas and Cor were offered it later
    ("4/1.1.1.g", "", "OP-02", "2025-03"): 0,
    ("4/1.1.1.g", "", "OP-01", "2025-11"): 0,  # nobody, and said so
    ("4/1.1.1.g", "", "", "2025-12"): NA,  # the only record was withdrawn
    ("4/1.1.1.g", "year", "", "2025-12"): 4,
    ("4/1.1.2.a", "own_income", "", "2025-12"): 0.25,
    ("4/1.1.3.a", "", "", "2024-01"): NA,
    ("4/1.1.3.a", "", "", "2024-02"): NX,  # begun, not adopted
    ("4/1.1.3.b", "volunteers", "OP-02", "2025-03"): 0,  # nobody, and said so
    ("4/1.1.3.b", "visits", "OP-01", "2025-07"): NA,
    ("4/1.3.3", "referrals", "OP-01", "2025"): 3,
    ("4/2.3.3.a", "", "", "2025-05"): NA,  # the number of 2024 is not of 2025
    ("4/2.3.3.a", "status", "", "2025-05"): "busy",
    ("4/2.5.b", "present", "", "2025-02"): 2,  # Mia, Job
    ("4/2.5.b", "present", "", "2025-03"): 2,  # Job, Kim; Mia left on the last day
}
