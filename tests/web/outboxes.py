"""Sends like a phone's outbox: records as JSON, with what a page of ours sends along."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from tests.conftest import MOMENT
from tests.page import Client

SUBMISSIONS, CONTACT, TROUBLE = "/api/submissions", "/api/contact", "/api/trouble"
OURS = {"X-Fieldapp": "1", "Origin": "http://localhost"}
TODAY = MOMENT.date().isoformat()
MORNING = {"date": TODAY, "daypart": "morning", "visitors": "24"}
OUTBOX = str(uuid.UUID(int=77))


def identity(number: int = 1) -> str:
    """An id as a phone makes it, the same one each time."""
    return str(uuid.UUID(int=number, version=4))


def record(**other: Any) -> dict[str, Any]:
    """A record of visitors as an outbox sends it, with what is to be otherwise; None takes out."""
    whole = {
        "form": "visitors",
        "version": "",
        "place": "OP-01",
        "instanceID": identity(),
        "answers": MORNING,
    }
    return {name: value for name, value in (whole | other).items() if value is not None}


def knock(
    client: Client,
    body: Mapping[str, Any] | bytes,
    path: str = SUBMISSIONS,
    headers: Mapping[str, str] = OURS,
    mimetype: str = "application/json",
) -> Any:
    """Sends `body`; every answer, refusals too, is JSON that nobody keeps."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(path, data=data, headers=dict(headers), content_type=mimetype)
    assert answer.mimetype == "application/json", answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status_code >= 400:
        assert answer.json["error"]
    return answer


def send(client: Client, **other: Any) -> Any:
    """Sends a record."""
    return knock(client, record(**other))
