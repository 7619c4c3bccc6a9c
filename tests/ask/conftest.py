"""Little forms as Markdown, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

GOOD = """\
# A form with a bit of everything; the tests spoil it line by line.
| survey |
| | type | name | label::Nederlands (nl) | label::English (en) | hint::Nederlands (nl) | hint::English (en) | required | required_message::Nederlands (nl) | required_message::English (en) | relevant | constraint | constraint_message::Nederlands (nl) | constraint_message::English (en) | calculation | default | choice_filter | appearance | parameters | result | private | prefill | save_to |
| | hidden | place | | | | | | | | | | | | | | | | | | | | |
| | date | date | Welke dag? | Which day? | Vandaag? | Today? | yes | Kies. | Choose. | | . <= today() | Te laat. | Too late. | | today() | | quick | | 4/1.1.1.a | | | |
| | time | from_time | Vanaf | From | | | | | | | | | | | | | | | | | regular_from | |
| | begin_group | more | Meer | More | | | | | | ${from_time} != '' | | | | | | | compact | | | | | |
| | select_one yes_no | open | Open? | Open? | | | ${date} != '' | | | | | | | | yes | liveability = 'y' or name = ${place} | horizontal | | 2 4/1.3.3 | yes | last_week | open |
| | integer | visitors | Hoeveel? | How many? | | | no | | | ${open} = 'yes' | . >= 0 | | | | 0 | | counter | | | | last_month | |
| | end_group | | | | | | | | | | | | | | | | | | | | | |
| | calculate | double | | | | | | | | | | | | 2 * ${visitors} | | | | | | | | |
| | select_one_from_file people.csv | who | Wie? | Who? | | | | | | | | | | | | role = 'volunteer' | minimal | value=name label=label | | | | |
| | range | mark | Cijfer | Mark | | | | | | | | | | | 5 | | | start=0 end=10 step=1 | | | | |
| choices |
| | list_name | name | label::Nederlands (nl) | label::English (en) | liveability |
| | yes_no | yes | Ja | Yes | y |
| | yes_no | no | Nee | No | n |
| settings |
| | form_title | form_id | version | default_language | heading::Nederlands (nl) | heading::English (en) | places | key | expected | order | icon |
| | Alles | all_kinds | 2026112301 | Nederlands (nl) | Van alles | All kinds | meeting_place pilot | date | open_day | 20 | door |
| entities |
| | list_name | label | entity_id | create_if | update_if |
| | people | ${who} | ${who} | ${open} = 'yes' | ${open} = 'no' |
"""  # noqa: E501

SETTINGS = """\
| settings |
| | form_title | form_id | version | default_language | heading::Nederlands (nl) | heading::English (en) | places | order |
| | Klein | little | 1 | Nederlands (nl) | Klein | Little | office | 1 |
"""  # noqa: E501

Spoil = Callable[[str, str], tuple[bytes, int]]


@pytest.fixture
def good() -> str:
    """A form without faults, with a bit of everything."""
    return GOOD


@pytest.fixture
def spoil() -> Spoil:
    """The good form with one text replaced, and the line on which that is."""

    def spoiled(old: str, new: str) -> tuple[bytes, int]:
        assert GOOD.count(old) == 1, f"'{old}' stands {GOOD.count(old)} times in the form"
        return GOOD.replace(old, new).encode(), GOOD[: GOOD.index(old)].count("\n") + 1

    return spoiled


@pytest.fixture
def little() -> Callable[..., str]:
    """A form made of survey rows in two languages; other sheets are added as they are given."""

    def made(rows: str, more: str = "", form_id: str = "little") -> str:
        headers = "| | type | name | label::Nederlands (nl) | label::English (en) |"
        settings = SETTINGS.replace("little", form_id)
        return f"| survey |\n{headers}\n{rows.strip()}\n{more}{settings}"

    return made
