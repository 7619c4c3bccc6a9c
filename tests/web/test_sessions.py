"""What signs sessions is made once, and made anew when the keys are others."""

from __future__ import annotations

from flask import Flask, session

from fieldapp.web.sessions import Sessions


def application() -> Flask:
    """An application that keeps a number in its session."""
    app = Flask("sessions")
    app.config.update(SECRET_KEY="first", SECRET_KEY_FALLBACKS=[])
    app.session_interface = Sessions()

    @app.get("/")
    def count() -> str:
        session["count"] = session.get("count", 0) + 1
        return str(session["count"])

    @app.get("/look")
    def look() -> str:
        return str(session.get("count", 0))

    @app.get("/end")
    def end() -> tuple[str, dict[str, str]]:
        session.clear()
        return "", {"Vary": "Accept-Encoding"}

    return app


def test_it_signs_with_the_keys_of_now() -> None:
    app = application()
    client = app.test_client()
    assert [client.get("/").text for _ in range(2)] == ["1", "2"]
    app.config.update(SECRET_KEY="second")
    assert client.get("/").text == "1", "signed with a key that is no longer ours"
    app.config.update(SECRET_KEY="third", SECRET_KEY_FALLBACKS=["second"])
    assert client.get("/").text == "2"
    app.config.update(SECRET_KEY_FALLBACKS=[])
    assert client.get("/").text == "3"


def test_it_is_made_once() -> None:
    app = application()
    made = [app.session_interface.get_signing_serializer(app) for _ in range(2)]  # type: ignore[attr-defined]
    assert made[0] is made[1]


def test_every_answer_says_that_it_hangs_on_the_session() -> None:
    client = application().test_client()
    fresh = client.get("/look")
    assert (fresh.headers["Vary"], "Set-Cookie" in fresh.headers) == ("Cookie", False)
    kept = client.get("/")
    assert (kept.headers["Vary"], "Set-Cookie" in kept.headers) == ("Cookie", True)
    ended = client.get("/end")
    assert ended.headers["Vary"] == "Accept-Encoding, Cookie"
    assert "session=;" in ended.headers["Set-Cookie"]
    assert client.get("/end").headers["Vary"] == "Accept-Encoding, Cookie"
    assert client.get("/look").text == "0"
