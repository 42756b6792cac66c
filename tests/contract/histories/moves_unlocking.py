"""Moves about single changes in sessions that only read: asked for, decided, made."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.contract.histories.drawing import APPROVERS, MOSTLY, NUMBERS, READING, move
from tests.contract.histories.facts import Change, Session
from tests.contract.histories.judging_changes import (
    let_by_policy,
    misasked,
    misdecided,
    misspent,
)
from tests.contract.histories.stage import Stage
from tests.contract.rules.world import HERE
from understudy.core.governance.unlocks import Unlock, UnlockStatus, Write
from understudy.core.ids import SessionId
from understudy.flows.governance.ask_unlock import ask_unlock
from understudy.flows.governance.decide_unlock import decide_unlock
from understudy.flows.governance.spend_unlock import spend_unlock

WHY = "The customer asked for it on the phone"


def _write(path: str, value: str) -> Write:
    return Write(
        method="POST",
        host="app.example",
        path=path,
        media_type="application/json",
        fields=(("value", value),),
    )


CHANGES = {
    "a plan": _write("/billing/7/plan", '"pro"'),
    "a bigger plan": _write("/billing/7/plan", '"max"'),
    "seats": _write("/billing/7/seats", "5"),
}
WHAT = st.sampled_from(list(CHANGES))


class Unlocking:
    """Ask for a change, decide, make it; and make another one, or once more."""

    stage: Stage

    @move(on=MOSTLY)
    def lets_changes_be_asked_for(self, on: bool) -> None:
        """The application lets changes be asked for, or no longer."""
        self.stage.facts.app.unlocks = on
        self.stage.world.set_up_application(unlocks=on)

    @move(weight=2, number=NUMBERS, what=WHAT)
    def asks_for_a_change(self, number: int, what: str) -> None:
        """The actor asks in one of the sessions."""
        sessions = list(self.stage.facts.sessions.values())
        if sessions:
            self.ask_for(sessions[-1 - number % len(sessions)], what)

    def ask_for(self, session: Session, what: str) -> Change | None:
        """Ask; what policies let through needs nobody else."""
        stage, facts = self.stage, self.stage.facts
        app, sid = stage.world.application, SessionId(session.id)
        answer = stage.did(
            lambda unit: ask_unlock(unit, app, sid, CHANGES[what], reason=WHY, origin=HERE)
        )
        if not isinstance(answer, Unlock):
            return None
        wrong = list(misasked(facts, session))
        assert not wrong, f"{what} was asked for: {'; '.join(wrong)}"
        change = facts.changes.setdefault(
            answer.id, Change(id=answer.id, session=session.id, what=what, asked=facts.now)
        )
        if answer.status is UnlockStatus.ALLOWED and change.allowed is None:
            assert let_by_policy(facts, session.grant, what), f"nobody let {what} through"
            change.allowed = facts.now
            stage.tally["changes allowed by policy"] += 1
        return change

    @move(weight=2, number=NUMBERS, who=APPROVERS, allowed=MOSTLY)
    def decides_about_a_change(self, number: int, who: str, allowed: bool) -> None:
        """A colleague allows one that was asked for, or refuses it."""
        changes = list(self.stage.facts.changes.values())
        if changes:
            self.decide(changes[-1 - number % len(changes)], who, allowed=allowed)

    def decide(self, change: Change, who: str, *, allowed: bool) -> None:
        """Decide; nobody decides about what is their own, or was decided."""
        stage, by = self.stage, self.stage.operator(who)
        answer = stage.did(
            lambda unit: decide_unlock(unit, change.id, allowed=allowed, by=by, origin=HERE)
        )
        if not isinstance(answer, Unlock):
            return
        wrong = list(misdecided(stage.facts, change, stage.facts.actors[who]))
        assert not wrong, f"{who} on {change.what}: {'; '.join(wrong)}"
        change.refused = not allowed
        if allowed:
            change.allowed, change.by = stage.facts.now, who
            stage.tally["changes allowed by somebody"] += 1

    @move(weight=6, number=NUMBERS, other=READING, what=WHAT)
    def makes_a_change(self, number: int, other: bool, what: str) -> None:
        """What was asked for is made, or something else in its place."""
        facts = self.stage.facts
        changes = list(facts.changes.values())
        if changes:
            change = changes[-1 - number % len(changes)]
            self.make(facts.sessions[change.session], what if other else change.what)

    def make(self, session: Session, what: str) -> None:
        """The app asks whether this may pass, as it does before anything of it runs."""
        stage, sid, write = self.stage, SessionId(session.id), CHANGES[what]
        for app in (stage.world.other_application, stage.world.application):
            answer = stage.did(
                lambda unit, app=app: spend_unlock(unit, app, sid, write, origin=HERE)  # type: ignore[misc]
            )
            if isinstance(answer, Unlock):
                assert app is stage.world.application, "another application made a change"
                self._made(stage.facts.changes[answer.id], session, what)

    def _made(self, change: Change, session: Session, what: str) -> None:
        wrong = list(misspent(self.stage.facts, change, session, what))
        assert not wrong, f"{what} passed: {'; '.join(wrong)}"
        change.spent = True
        self.stage.tally["changes made"] += 1
