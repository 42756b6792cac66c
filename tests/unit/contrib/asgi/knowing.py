"""Browsers that have had a session, and what they are told."""

from __future__ import annotations

from typing import Any

from understudy.testing import FakeSession

EPOCH = "__Host-understudy-epoch=1"
AGENT = {"Cookie": "session=agent"}
KNOWN = {"Cookie": f"session=agent; {EPOCH}"}
OF_ANOTHER = (409, "page_of_another_session")


def cookie(session: FakeSession) -> dict[str, str]:
    """What the browser sends by itself, whoever's page it is."""
    return {"Cookie": f"session=agent; {session.headers['Cookie']}; {EPOCH}"}


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
