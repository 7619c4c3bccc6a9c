"""Many people added at once: a list of names, and what is asked once for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fieldapp.ask.answer import Answer, Context, check
from fieldapp.ask.names import looks_like_more, looks_like_none, shortened
from fieldapp.ask.question import Form, Group, Question, Text
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import row as rows
from fieldapp.keep.people import Member
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store, Write

NAME, CARD, TICKED = "call_name", "card_code", "labour_distance"
"""What is asked of each person; who has a card is added alone, so that the card is known."""

_TICK = "yes"
_OFFERED: Mapping[str, frozenset[str]] = {
    "known_elsewhere": frozenset({"no", "unknown"}),
    TICKED: frozenset({"no", "unknown"}),
}
"""What may be answered for all at once: nobody shows a card, and who has no tick is no yes."""

_LABELS: Mapping[str, Message] = {
    "role": Message("Wat gaan deze mensen doen?"),
    "known_elsewhere": Message("Doen deze mensen al mee op een andere plek van ons?"),
    "started": Message("Vanaf welke dag doen deze mensen mee?"),
    "pilot": Message("Horen deze mensen bij een pilot?"),
    "pilot_from": Message("Vanaf welke dag horen deze mensen bij de pilot?"),
    "informed": Message("Ik heb iedereen verteld wat wij bewaren en waarom"),
    TICKED: Message("En wie geen vinkje heeft?"),
}
_HINTS: Mapping[str, Message] = {
    "known_elsewhere": Message(
        "Heeft iemand al een kaart? Voeg die persoon apart toe, met Iemand toevoegen."
    ),
}
_ASKED: Mapping[str, Message] = {
    "known_elsewhere": Message("Kies Nee of Weet ik niet."),
    "pilot": Message("Kies bij welke pilot deze mensen horen."),
    "informed": Message("Vertel eerst iedereen wat wij bewaren en waarom. Zet dan het vinkje."),
    TICKED: Message("Kies Nee of Weet ik niet."),
}


@dataclass(frozen=True)
class Line:
    """One name of the list; its number stays, also when names before it are taken out."""

    number: int
    name: str
    ticked: bool = False


@dataclass(frozen=True)
class Crowd:
    """A list as it was sent: the page it stood on, its names, and what was answered for all."""

    id: str
    lines: Sequence[Line]
    raw: Mapping[str, Sequence[str]]

    def row(self, line: Line) -> str:
        """The id under which a line is kept: the same each time this page is sent."""
        return str(uuid.uuid5(uuid.UUID(self.id), str(line.number)))


@dataclass
class Found:
    """What a look at a list gives: what is to be mended, per question and per line, and answers."""

    questions: dict[str, Message] = field(default_factory=dict)
    lines: dict[int, Message] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    """Lines with a name that somebody at this place has already."""
    answers: dict[int, Answer] = field(default_factory=dict)


def once(form: Form, texts: Callable[[Message], Text], *, ticks: bool) -> Form:
    """`form` as it is asked once for many; with `ticks` also about those who have no tick."""
    left_out = {NAME, CARD} if ticks else {NAME, CARD, TICKED}

    def part(of: Iterable[Question | Group]) -> tuple[Question | Group, ...]:
        return tuple(
            replace(each, items=part(each.items))
            if isinstance(each, Group)
            else _for_all(each, texts)
            for each in of
            if each.name not in left_out
        )

    steps = tuple(name for name in form.steps if name not in left_out)
    return replace(form, items=part(form.items), steps=steps)


def _for_all(question: Question, texts: Callable[[Message], Text]) -> Question:
    name, offered = question.name, _OFFERED.get(question.name)
    return replace(
        question,
        label=texts(_LABELS[name]) if name in _LABELS else question.label,
        hint=texts(_HINTS[name]) if name in _HINTS else question.hint,
        required_message=texts(_ASKED[name]) if name in _ASKED else question.required_message,
        choices=tuple(c for c in question.choices if offered is None or c.name in offered),
    )


def look(form: Form, asked: Form, crowd: Crowd, here: Sequence[Member], context: Context) -> Found:
    """Everything that is to be mended before `crowd` can be kept; `here` is who is at the place."""
    found = Found()
    try:
        check(asked, crowd.raw, context)
    except Refused as refused:
        found.questions = refused.messages
    if all(line.ticked for line in crowd.lines):
        found.questions.pop(TICKED, None)
    taken = _taken(crowd, here)
    seen: set[str] = set()
    for line in crowd.lines:
        folded = line.name.casefold()
        if folded in taken:
            found.known.add(line.number)
        unchecked = _check(form, asked, crowd, line, context, found)
        if message := _problem(line, taken, seen) or unchecked:
            found.lines[line.number] = message
        seen.add(folded)
    return found


def _taken(crowd: Crowd, here: Sequence[Member]) -> Mapping[str, str]:
    """The names that are taken at the place, but not by this very list when it is sent again."""
    own = {crowd.row(line) for line in crowd.lines}
    return {m.name.casefold(): m.name for m in here if not m.until and m.row not in own}


def _problem(line: Line, taken: Mapping[str, str], seen: set[str]) -> Message | None:
    folded = line.name.casefold()
    if folded in taken:
        return Message("Er is al een {name}. Zet er een letter bij.", {"name": taken[folded]})
    if folded in seen:
        return Message(
            "{name} staat twee keer in deze lijst. Zet er een letter bij, of maak dit vak leeg.",
            {"name": line.name},
        )
    if looks_like_none(line.name):
        return Message("Vul alleen een roepnaam in, zonder cijfers. Of maak dit vak leeg.")
    return None


def _check(
    form: Form, asked: Form, crowd: Crowd, line: Line, context: Context, found: Found
) -> Message | None:
    """Keeps the checked answer of a line; the message when the line itself is not right."""
    raw = {**crowd.raw, NAME: [line.name]}
    if line.ticked:
        raw[TICKED] = [_TICK]
    try:
        found.answers[line.number] = check(form, raw, context)
    except Refused as refused:
        own = (text for name, text in refused.messages.items() if name not in asked.columns)
        return next(own, None)
    return None


def without_known(crowd: Crowd, here: Sequence[Member]) -> Crowd:
    """The list without the names that somebody at the place has already."""
    taken = _taken(crowd, here)
    return replace(crowd, lines=[x for x in crowd.lines if x.name.casefold() not in taken])


def with_short_names(crowd: Crowd, here: Sequence[Member]) -> Crowd:
    """The list with call names only, and a letter where a name is taken then."""
    taken = set(_taken(crowd, here))
    lines = []
    for line in crowd.lines:
        name = shortened(line.name, taken) if looks_like_more(line.name) else line.name
        lines.append(replace(line, name=name))
        taken.add(name.casefold())
    return replace(crowd, lines=lines)


def keep(
    store: Store,
    write: Write,
    form: Form,
    crowd: Crowd,
    answers: Mapping[int, Answer],
    origin: Origin,
) -> None:
    """Keeps every line as a person, or none: Refused with a message per number of a line.

    Conflict when this page was sent before with other names.
    """
    refused: dict[str, Message] = {}
    for line in crowd.lines:
        answer = answers[line.number]
        try:
            receipt = rows.add(store, write, form, answer, crowd.row(line), origin)
        except Refused as problem:
            refused[str(line.number)] = next(iter(problem.messages.values()))
            continue
        if receipt.status == "conflict":
            raise Conflict("Deze lijst was al bewaard, met andere namen.")
    if refused:
        raise Refused(refused)
