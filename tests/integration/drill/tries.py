"""What tries have in common: what they pick, and how the model keeps what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.integration.drill.model import ORDINARY, Open, Ticket
from tests.integration.drill.stage import Stage

SUBJECTS = (*ORDINARY, "root", *ORDINARY, "boss", *ORDINARY, "nobody")


def pick(things: list[Any], number: int) -> Any:
    """One of ``things``, or None where there is none."""
    return things[number % len(things)] if things else None


def recent(things: list[Any], number: int) -> Any:
    """Mostly one of the last of ``things``, which is still good, and sometimes any."""
    return pick(things if number % 4 == 3 else things[-2:], number // 4)


def some_session(stage: Stage, number: int) -> Any:
    """Mostly a session that lives, where there is one, and sometimes one that is over."""
    live, over = [*stage.model.live.values()], [*stage.model.over.values()]
    return pick(live if live and number % 4 else [*over, *live], number // 4)


def require_as_it_is(stage: Stage, session: Open) -> None:
    """A session answers as the model has it: with what it was granted, or that it is over."""
    body = {"session_token": session.token}
    answer = stage.by_backend("POST", "/sessions/refresh", json=body)
    if session.id in stage.model.over:
        assert (answer.status_code, answer.json()["code"]) == (401, "session_over"), answer.text
        return
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["subject"]["id"] == session.ticket.subject
    assert said["restrictions"]["scope"] == session.ticket.scope
    assert said["session"]["ends_at"] == f"{session.ends_at:%FT%TZ}"


def keep_ticket(
    stage: Stage, answer: Any, body: dict[str, Any], *, owner: str, actor_id: str
) -> None:
    """Keep in mind what was granted."""
    said = answer.json()
    stage.model.tickets.append(
        Ticket(
            id=said["grant"]["id"],
            owner=owner,
            subject=body["subject_id"],
            actor_id=actor_id,
            minutes=body["minutes"],
            scope=body["scope"],
            made=stage.world.installation.clock(),
            token=said.get("impersonation_token"),
        )
    )


def keep_session(stage: Stage, ticket: Ticket, token: str) -> Open:
    (session_id,) = stage.live_rows() - stage.model.live.keys()
    now = stage.world.installation.clock()
    session = Open(
        id=session_id,
        ticket=ticket,
        token=token,
        ends_at=now + timedelta(minutes=ticket.minutes),
        touched=now,
    )
    stage.model.live[session_id] = session
    ticket.used = session_id
    return session
