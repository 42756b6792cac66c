"""Origins of sessions, as an app has them that is set up for such."""

from __future__ import annotations

from understudy.testing import FakeSession

PATTERN = "http://*.view.app.localhost:8701"
ONE, OTHER = ("understudy-" + letter * 26 for letter in "ab")


def origin(label: str = ONE) -> str:
    return PATTERN.replace("*", label)


def at(label: str = ONE, session: FakeSession | None = None, **more: str) -> dict[str, str]:
    """The headers of a request that arrives at the origin of ``label``."""
    cookie = session.headers if session else {}
    return {"Host": origin(label).removeprefix("http://"), **cookie, **more}
