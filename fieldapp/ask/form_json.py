"""A form as JSON, and back: what the child hands over and the cache keeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from fieldapp.ask.question import Choice, Entity, Form, Group, Question


def form_to_json(form: Form) -> dict[str, Any]:
    """`form` as JSON can hold it."""
    plain: dict[str, Any] = _plain(form)
    return plain


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def form_from_json(data: Mapping[str, Any]) -> Form:
    """What `form_to_json` wrote."""
    changed = {
        "title": dict(data["title"]),
        "languages": tuple(data["languages"]),
        "items": tuple(_item(item) for item in data["items"]),
        "places": frozenset(data["places"]),
        "key": tuple(data["key"]),
        "entity": Entity(**data["entity"]) if data["entity"] else None,
        "steps": tuple(data["steps"]),
    }
    return Form(**{**data, **changed})


def _item(data: Mapping[str, Any]) -> Question | Group:
    if "items" in data:
        inside = tuple(_item(item) for item in data["items"])
        return Group(**{**data, "items": inside, "appearance": tuple(data["appearance"])})
    changed = {
        "choices": tuple(Choice(**choice) for choice in data["choices"]),
        "appearance": tuple(data["appearance"]),
        "result": tuple(data["result"]),
    }
    return Question(**{**data, **changed})
