"""What an agent tries; each try says what must come of it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from tests.fixtures.service import REASON, REDIRECT_URL
from tests.integration.drill.model import AGENT, Ticket
from tests.integration.drill.stage import Stage
from tests.integration.drill.tries import (
    SUBJECTS,
    keep_session,
    keep_ticket,
    pick,
    recent,
    some_session,
)
from understudy.core.notices.events import EventType

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Agent:
    """An operator who may impersonate, and would like to do more."""

    def ask(self, stage: Stage, number: int) -> None:
        """Ask for anybody, above them or not, now and then without a reason."""
        subject, scope = SUBJECTS[number % len(SUBJECTS)], ("full", "read_only")[number % 2]
        reason = "x" if number % 8 == 7 else REASON
        body = {"subject_id": subject, "reason": reason, "scope": scope, "minutes": 5 + number % 20}
        asked = body | {"application_id": stage.app_id}
        answer = stage.by_operator(stage.agent, "POST", "/api/v1/impersonations", json=asked)
        if reason == "x" or not stage.model.may_ask(AGENT, subject) or subject == "nobody":
            assert answer.status_code in (401, 403, 404, 409, 422), answer.text
            stage.demand()
            return
        assert answer.status_code == 201, answer.text
        keep_ticket(stage, answer, body, owner=AGENT, actor_id=stage.agent.id)
        stage.demand(EventType.GRANT_CREATED, by=stage.agent.id)

    def ask_as_another(self, stage: Stage, number: int) -> None:
        """Name somebody else as the one who works."""
        body = {"subject_id": "ada", "reason": REASON, "actor": {"id": f"other-{number}"}}
        asked = body | {"application_id": stage.app_id}
        answer = stage.by_operator(stage.agent, "POST", "/api/v1/impersonations", json=asked)
        assert answer.is_client_error
        stage.demand()

    def hand_off(self, stage: Stage, number: int) -> None:
        """Launch a grant, one's own or a stranger's, and have the app redeem the code."""
        own = [one for one in stage.model.tickets if one.owner == AGENT]
        ticket = recent(own if number % 5 else stage.model.tickets, number)
        path = f"/api/v1/grants/{ticket.id}/launch" if ticket else "/api/v1/grants/grt_no/launch"
        launched = stage.by_operator(stage.agent, "POST", path)
        now = stage.world.installation.clock()
        signed_in = stage.model.agent_here and stage.model.agent_may
        fine = ticket is not None and ticket.owner == AGENT and signed_in
        if not fine or not stage.model.may_go_on(ticket, now):
            assert not (launched.is_success and ticket.used is None), launched.text
            if not launched.is_success:
                stage.demand()
                return
        self._redeem(stage, ticket)

    def _redeem(self, stage: Stage, ticket: Ticket) -> None:
        asked = {
            "response_type": "code", "client_id": stage.app_id, "redirect_uri": REDIRECT_URL,
            "code_challenge": CHALLENGE, "code_challenge_method": "S256", "state": "s",
            "login_hint": ticket.id,
        }  # fmt: skip
        back = stage.by_operator(stage.agent, "GET", "/oauth2/authorize", params=asked)
        code = parse_qs(urlsplit(back.headers["location"]).query)["code"][0]
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URL,
            "code_verifier": VERIFIER,
        }  # fmt: skip
        answer = stage.call(stage.world.backend, "POST", "/oauth2/token", data=form)
        assert answer.status_code == 200, answer.text
        # A second launch ends what the first one began, and goes on to the same minute.
        earlier = stage.model.live.get(ticket.used or "")
        ended = stage.model.end({ticket.used or ""})
        entries_by = stage.agent.id
        token = answer.json()["refresh_token"]
        session = keep_session(stage, ticket, token)
        if earlier is not None:
            session.ends_at = earlier.ends_at
        stage.demand(EventType.SESSION_STARTED, by=entries_by, ended=ended)

    def cancel(self, stage: Stage, number: int) -> None:
        """Withdraw a grant, used or not, one's own or another's."""
        ticket = pick(stage.model.tickets, number)
        if ticket is None:
            self.rise(stage, number)
            return
        answer = stage.by_operator(stage.agent, "POST", f"/api/v1/grants/{ticket.id}/cancel")
        if not answer.is_success:
            stage.demand()
            return
        # Whoever may revoke sessions of others may withdraw their grants as well.
        assert stage.model.agent_here
        ticket.cancelled = ticket.used is None or ticket.cancelled
        stage.demand(ended=stage.model.end({ticket.used or ""}))

    def end(self, stage: Stage, number: int) -> None:
        """End a session, of one's own or of others, over or not."""
        session = some_session(stage, number)
        if session is None:
            self.rise(stage, number)
            return
        verb = ("end", "revoke")[number % 2]
        path = f"/api/v1/sessions/{session.id}/{verb}"
        answer = stage.by_operator(stage.agent, "POST", path)
        ended = stage.model.end({session.id}) if answer.is_success else set()
        if answer.is_success:
            assert stage.model.agent_here
            assert verb == "revoke" or session.ticket.owner == AGENT
        stage.demand(ended=ended)

    def rise(self, stage: Stage, number: int) -> None:
        """Reach for what is an admin's, or the application's."""
        over = pick([*stage.model.over.values(), *stage.model.live.values()], number)
        token = over.token if over else "uss_" + "a" * 43
        method, path, body = (
            ("PATCH", f"/operators/{stage.agent.id}", {"roles": ["admin"]}),
            ("POST", "/operators", {"email": "me@x.example", "name": "Me", "roles": ["admin"]}),
            ("POST", f"/operators/{stage.admin.id}/invite", None),
            ("PATCH", f"/applications/{stage.app_id}", {"settings": {"retention_days": 1}}),
            ("PUT", "/subjects/root", {"protected": False, "application_id": stage.app_id}),
            ("POST", f"/applications/{stage.app_id}/rotate-secret", None),
            ("POST", "/sessions/refresh", {"session_token": token}),
            ("POST", "/impersonations/exchange", {"impersonation_token": token}),
        )[number % 8]
        answer = stage.by_operator(stage.agent, method, f"/api/v1{path}", json=body)
        assert answer.is_client_error, (path, answer.text)
        stage.demand()
