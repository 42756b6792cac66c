"""What an application's backend tries; each try says what must come of it."""

from __future__ import annotations

from tests.fixtures.service import REASON
from tests.integration.drill.model import NAMED, ORDINARY, TOKEN_LIFE
from tests.integration.drill.stage import Stage
from tests.integration.drill.tries import (
    SUBJECTS,
    keep_session,
    keep_ticket,
    pick,
    recent,
    require_as_it_is,
    some_session,
)
from understudy.core.notices.events import EventType


class Backend:
    """An application's backend: it may name whom it likes, and says so by that."""

    def start(self, stage: Stage, number: int) -> None:
        """Let somebody of its own begin, above them or not, under whatever name."""
        subject = SUBJECTS[number % len(SUBJECTS)]
        actor: dict[str, str] = (
            {"id": "kim"},
            {"id": "kim"},
            {"id": subject},
            {"id": ORDINARY[(number + 1) % 2]},
            {"id": "kim", "email": stage.admin.email},
        )[number // len(SUBJECTS) % 5]
        scope = ("full", "read_only")[number % 2]
        body = {"subject_id": subject, "reason": REASON, "scope": scope, "minutes": 5 + number % 20}
        answer = stage.by_backend("POST", "/impersonations", json=body | {"actor": actor})
        fine = stage.model.may_ask(NAMED, subject) and subject != "nobody"
        oneself = actor["id"] == subject or "email" in actor
        if not fine or oneself or stage.model.works_as(actor["id"]):
            assert answer.is_client_error, answer.text
            stage.demand()
            return
        assert answer.status_code == 201, answer.text
        keep_ticket(stage, answer, body, owner=NAMED, actor_id=actor["id"])
        stage.demand(EventType.GRANT_CREATED)

    def exchange(self, stage: Stage, number: int) -> None:
        """Use a token, for the first time or once more."""
        given = [one for one in stage.model.tickets if one.token]
        unused = [one for one in given if one.used is None]
        ticket = recent(unused if number % 3 else given, number // 3)
        if ticket is None:
            self.start(stage, number)
            return
        now = stage.world.installation.clock()
        body = {"impersonation_token": ticket.token}
        answer = stage.by_backend("POST", "/impersonations/exchange", json=body)
        if (
            ticket.used is None
            and now < ticket.made + TOKEN_LIFE
            and stage.model.may_go_on(ticket, now)
        ):
            assert answer.status_code == 200, answer.text
            keep_session(stage, ticket, answer.json()["session_token"])
            stage.demand(EventType.SESSION_STARTED)
            return
        assert answer.is_client_error, answer.text
        # A second use is a sign of theft: what the first one made is over.
        stage.demand(ended=stage.model.end({ticket.used or ""}))

    def refresh(self, stage: Stage, number: int) -> None:
        """Go on with a session: what lives says what it was granted, what is over is over."""
        session = pick([*stage.model.over.values(), *stage.model.live.values()], number)
        if session is None:
            self.start(stage, number)
            return
        require_as_it_is(stage, session)
        stage.demand()

    def act(self, stage: Stage, number: int) -> None:
        """Do something in a session, over or not: an intent is taken while it lives."""
        session = some_session(stage, number)
        if session is None:
            self.start(stage, number)
            return
        now = stage.world.installation.clock()
        action = {
            "id": f"action-{stage.cursor:08}", "phase": "intended", "at": f"{now:%FT%TZ}",
            "method": "POST", "path": f"/invoices/{number}", "route": "/invoices/{id}",
        }  # fmt: skip
        path = f"/sessions/{session.id}/actions"
        answer = stage.by_backend("POST", path, json={"actions": [action]})
        if session.id in stage.model.live:
            assert answer.is_success, answer.text
            session.touched = now
            stage.demand(EventType.ACTION_INTENDED)
            return
        assert answer.is_client_error, answer.text
        stage.demand()

    def end(self, stage: Stage, number: int) -> None:
        """End a session, over or not."""
        session = some_session(stage, number)
        if session is None:
            self.start(stage, number)
            return
        answer = stage.by_backend("POST", f"/sessions/{session.id}/end")
        assert answer.is_success, answer.text
        stage.demand(ended=stage.model.end({session.id}))

    def protect(self, stage: Stage, number: int) -> None:
        """Take protection away, which is told, or give it, which ends what runs."""
        subject, protected = ("root", "bob")[number % 2], number // 2 % 4 == 1
        answer = stage.by_backend("PUT", f"/subjects/{subject}", json={"protected": protected})
        assert answer.is_success, answer.text
        was = subject in stage.model.protected
        types = [EventType.SUBJECT_UNPROTECTED] if was and not protected else []
        ended: set[str] = set()
        if protected:
            stage.model.protected.add(subject)
            ended = stage.model.end_where(subject=subject)
        else:
            stage.model.protected.discard(subject)
        stage.demand(*types, ended=ended)

    def reach(self, stage: Stage, number: int) -> None:
        """Reach for settings, operators, entries of others."""
        method, path, body = (
            ("PATCH", f"/applications/{stage.app_id}", {"settings": {"retention_days": 1}}),
            ("POST", f"/applications/{stage.app_id}/rotate-secret", None),
            ("POST", "/operators", {"email": "me@x.example", "name": "Me", "roles": ["admin"]}),
            ("PATCH", f"/operators/{stage.agent.id}", {"roles": ["admin"]}),
            ("POST", "/holds", {"application_id": stage.app_id, "reason": REASON}),
            ("POST", "/sessions/ses_nobody/revoke", None),
        )[number % 6]
        answer = stage.by_backend(method, path, json=body)
        assert answer.is_client_error, (path, answer.text)
        stage.demand()
