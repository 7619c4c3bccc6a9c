"""Form classes, one per form version: fields, errors and CSRF through Flask-WTF."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import UUID, Length, Regexp, ValidationError

from fieldapp.ask.answer import Answer, Context, check
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.ask.reading import holdable
from fieldapp.errors import Message, Refused


class AnswerField(Field):
    """One question; it carries what was sent, the kind reads it."""

    def __init__(self, question: Question, **options: Any) -> None:
        super().__init__(label=question.name, **options)
        self.question = question
        self.raw: list[str] = []
        self.messages: list[Message] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Takes the values of the field and of its parts, such as `date.other`."""
        self.process_errors: list[str] = []
        self.errors: tuple[str, ...] = ()
        if formdata is not None:
            names = [self.name, *(f"{self.name}.{part}" for part in kind_of(self.question).parts)]
            self.raw = [value for name in names for value in formdata.getlist(name)]


def _as_we_write_it(identity: str | None) -> str | None:
    """An id in one spelling: in capitals or in braces it is still the same record."""
    try:
        return str(uuid.UUID(identity))
    except (TypeError, ValueError):
        return identity


class _Sent(FlaskForm):
    """What a page sends: never JSON, whose values need not be texts."""

    class Meta(FlaskForm.Meta):
        """How it is read."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What was sent, by field."""
            return None if request.is_json else super().wrap_formdata(form, formdata)


class AnswerForm(_Sent):
    """A page of questions; subclasses are made by `form_class`."""

    asked: ClassVar[Form]
    questions: ClassVar[Sequence[str]]
    fieldNames: ClassVar[frozenset[str]]
    """What it sends of its questions: of a day that was typed `date.other` too."""

    instanceID = StringField(filters=[_as_we_write_it], validators=[UUID()])
    version = StringField(validators=[Length(max=20)])
    edits = StringField(validators=[Regexp(r"^[0-9]{0,9}$")])

    def validate_version(self, field: Field) -> None:
        """Refuses a version that nobody published; without one it is the version in force."""
        if field.data and field.data != self.asked.version:
            raise ValidationError

    @property
    def raw(self) -> Mapping[str, Sequence[str]]:
        """What was sent, by question."""
        return {name: self[name].raw for name in self.questions}

    @property
    def typed(self) -> Mapping[str, Sequence[str]]:
        """What was sent, by question, as a page can show it again."""
        return {name: [holdable(text) for text in raw] for name, raw in self.raw.items()}

    def answer(self, context: Context) -> Answer | None:
        """The checked answer, or None: then every field has its messages."""
        if not self.validate():
            return None
        try:
            return check(self.asked, self.raw, context)
        except Refused as refused:
            self.refuse(refused)
            return None

    def refuse(self, refused: Refused) -> None:
        """Puts messages at the fields they are about."""
        for name, message in refused.messages.items():
            self[name].messages = [message]

    @property
    def complaints(self) -> Mapping[str, Message]:
        """What is said at a field that is not right, by question."""
        found = {name: self[name].messages for name in self.questions}
        return {name: messages[0] for name, messages in found.items() if messages}

    @property
    def expired(self) -> bool:
        """Whether the page stood open so long that its token no longer holds."""
        return "csrf_token" in self.errors

    @property
    def tampered(self) -> bool:
        """Whether the page's own hidden fields are not as we made them."""
        return any(name in self.errors for name in ("instanceID", "version", "edits"))


EXPIRED = Message("Deze pagina stond te lang open. Kijk alles na en druk nog een keer op Bewaar.")
"""What is said when a page's token no longer holds."""


class Confirm(_Sent):
    """A button: nothing but its token."""


def form_class(form: Form) -> type[AnswerForm]:
    """The class of a form's pages."""
    asked = {
        name: AnswerField(question)
        for name, question in form.columns.items()
        if kind_of(question).filled_by == "person"
    }
    made: type[AnswerForm] = type(
        f"Form_{form.form_id}_{form.version}",
        (AnswerForm,),
        {"asked": form, "questions": tuple(asked), "fieldNames": _names(form), **asked},
    )
    return made


def _names(form: Form) -> frozenset[str]:
    return frozenset(
        f"{name}.{part}" if part else name
        for name, question in form.columns.items()
        if kind_of(question).filled_by == "person"
        for part in ("", *kind_of(question).parts)
    )


def new_form_classes(forms: Mapping[str, Form]) -> dict[str, type[AnswerForm]]:
    """The class of every form, made once."""
    return {form_id: form_class(form) for form_id, form in forms.items()}
