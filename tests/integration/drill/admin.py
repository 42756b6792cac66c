"""What an admin tries; each try says what must come of it."""

from __future__ import annotations

from typing import Any

from tests.fixtures.service import REASON
from tests.integration.drill.model import AGENT, ORDINARY
from tests.integration.drill.stage import Stage
from tests.integration.drill.tries import (
    SUBJECTS,
    pick,
    some_session,
)
from understudy.core.notices.events import EventType

HALT = 8
"""Of so many changes one takes away what the others give. More of them, and little would run that
could be ended: each one keeps agents from both asking and going on until it is given back."""


class Admin:
    """Whoever sets the rules, and would like to work beside them, or to leave no trace."""

    def impersonate(self, stage: Stage, number: int) -> None:
        """Admins do not impersonate."""
        asked = {"subject_id": SUBJECTS[number % len(SUBJECTS)], "reason": REASON}
        body = asked | {"application_id": stage.app_id}
        answer = stage.by_operator(stage.admin, "POST", "/api/v1/impersonations", json=body)
        assert answer.is_client_error, answer.text
        stage.demand()

    def switch(self, stage: Stage, number: int) -> None:
        """Impersonation off and on: what runs ends, and what waits comes to nothing."""
        off = number % HALT == 0
        settings = {"impersonation_allowed": not off}
        self._settings(stage, settings)
        ended: set[str] = set()
        if off and not stage.model.off:
            ended = stage.model.end_where()
            stage.model.cancel_waiting()
        stage.model.off = off
        stage.demand(EventType.APPLICATION_UPDATED, by=stage.admin.id, ended=ended)

    def retention(self, stage: Stage, number: int) -> None:
        """Have the log forget sooner."""
        self._settings(stage, {"retention_days": 1 + number % 30})
        stage.demand(EventType.APPLICATION_UPDATED, by=stage.admin.id)

    def _settings(self, stage: Stage, settings: Any) -> None:
        path = f"/api/v1/applications/{stage.app_id}"
        answer = stage.by_operator(stage.admin, "PATCH", path, json={"settings": settings})
        assert answer.status_code == 200, answer.text

    def agent(self, stage: Stage, number: int) -> None:
        """Disable or enable the agent: what they run ends with it."""
        active = number % HALT > 0
        answer = self._change(stage, stage.agent.id, status="active" if active else "disabled")
        assert answer.status_code == 200, answer.text
        was, stage.model.agent_works = stage.model.agent_works, active
        stage.model.agent_here &= active
        ended: set[str] = set() if active else stage.model.end_where(owner=AGENT)
        kind = EventType.OPERATOR_UPDATED
        if was != active:
            kind = EventType.OPERATOR_ENABLED if active else EventType.OPERATOR_DISABLED
        stage.demand(kind, by=stage.admin.id, ended=ended)

    def role(self, stage: Stage, number: int) -> None:
        """Take the agent's role away, or give it."""
        may = number % HALT > 0
        answer = self._change(
            stage, stage.agent.id, roles=["support_manager"] if may else ["auditor"]
        )
        assert answer.status_code == 200, answer.text
        stage.model.agent_may = may
        ended: set[str] = set() if may else stage.model.end_where(owner=AGENT)
        stage.demand(EventType.OPERATOR_UPDATED, by=stage.admin.id, ended=ended)

    def _change(self, stage: Stage, operator_id: str, **change: object) -> Any:
        path = f"/api/v1/operators/{operator_id}"
        return stage.by_operator(stage.admin, "PATCH", path, json=change)

    def revoke(self, stage: Stage, number: int) -> None:
        """Revoke whatever session there is, over or not."""
        session = some_session(stage, number)
        if session is None:
            self.retention(stage, number)
            return
        path = f"/api/v1/sessions/{session.id}/revoke"
        answer = stage.by_operator(stage.admin, "POST", path)
        assert answer.is_success, answer.text
        stage.demand(ended=stage.model.end({session.id}))

    def hold(self, stage: Stage, number: int) -> None:
        """Place a hold, and let go of it."""
        body = {"application_id": stage.app_id, "subject_id": ORDINARY[number % 2]}
        path = "/api/v1/holds"
        placed = stage.by_operator(stage.admin, "POST", path, json=body | {"reason": REASON})
        assert placed.status_code == 201, placed.text
        stage.demand(EventType.HOLD_PLACED, by=stage.admin.id)
        released = stage.by_operator(stage.admin, "POST", f"{path}/{placed.json()['id']}/release")
        assert released.is_success
        stage.demand(EventType.HOLD_RELEASED, by=stage.admin.id)

    def act_in_session(self, stage: Stage, number: int) -> None:
        """Use a session of somebody else, as the application would."""
        session = pick([*stage.model.live.values()], number)
        path = f"/api/v1/sessions/{session.id}/actions" if session else "/api/v1/sessions/refresh"
        token = session.token if session else "uss_" + "a" * 43
        answer = stage.by_operator(stage.admin, "POST", path, json={"session_token": token})
        assert answer.is_client_error, answer.text
        stage.demand()
