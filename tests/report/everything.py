"""A form that asks one question of every kind, for the sheets that are made of forms."""

from __future__ import annotations

EVERYTHING = """\
| survey |
| | type | name | label::Nederlands (nl) | label::English (en) | required | required_message::Nederlands (nl) | required_message::English (en) | calculation | parameters | private |
| | hidden | place | | | | | | | | |
| | start | begun | | | | | | | | |
| | date | date | Welke dag? | Which day? | yes | Kies. | Choose. | | | |
| | begin_group | more | Meer | More | | | | | | |
| | integer | many | Hoeveel? | How many? | | | | | | |
| | decimal | liters | Hoeveel liter? | How many litres? | | | | | | |
| | text | key | Welke sleutel? | Which key? | | | | | | |
| | text | secret | Wat mag niemand weten? | What may nobody know? | | | | | | yes |
| | end_group | | | | | | | | | |
| | note | read | Lees dit. | Read this. | | | | | | |
| | time | at | Hoe laat? | At what time? | | | | | | |
| | dateTime | moment | Wanneer? | When? | | | | | | |
| | select_one yes_no | open | Open? | Open? | | | | | | |
| | select_multiple kinds | kinds | Welke? | Which? | | | | | | |
| | select_one_from_file pilots.csv | pilot | Welke pilot? | Which pilot? | | | | | | |
| | select_multiple_from_file pilots.csv | pilots | Welke pilots? | Which pilots? | | | | | | |
| | select_one_from_file people.csv | person | Over wie? | About whom? | | | | | | |
| | select_multiple_from_file people.csv | who | Wie? | Who? | | | | | | |
| | calculate | double | | | | | | 2 * ${many} | | |
| | acknowledge | seen | Gezien | Seen | | | | | | |
| | range | mark | Cijfer | Mark | | | | | start=0 end=10 step=1 | |
| | today | on_day | | | | | | | | |
| | end | ended | | | | | | | | |
| choices |
| | list_name | name | label::Nederlands (nl) | label::English (en) |
| | yes_no | yes | Ja | Yes |
| | yes_no | no | Nee | No |
| | kinds | meal | Eten | Food |
| | kinds | party's | Feest | Party |
| | kinds | meal_2 | Nog eens eten | Food again |
| settings |
| | form_title | form_id | version | default_language | heading::Nederlands (nl) | heading::English (en) | places | order |
| | Alles | everything | 7 | Nederlands (nl) | Van alles: [proef] | Everything | meeting_place | 5 |
"""  # noqa: E501
