"""Moves of those who have to agree: colleagues, and the users themselves."""

from __future__ import annotations

from tests.contract.histories.drawing import (
    ACTORS,
    APPROVERS,
    MINUTES,
    NUMBERS,
    READING,
    SUBJECTS,
    move,
)
from tests.contract.histories.facts import Permitted
from tests.contract.histories.judging_insiders import alarm_due
from tests.contract.histories.stage import Stage
from tests.contract.rules.world import HERE, REASON
from understudy.core.governance.cases import Case
from understudy.core.governance.consent_requests import ConsentRequest
from understudy.core.governance.consents import Consent
from understudy.core.ids import GrantId, SessionId, SubjectId
from understudy.core.impersonation.grants import Grant, GrantStatus, ImpersonationRequest
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import Session
from understudy.flows.governance.account import end_by_user, not_agreed
from understudy.flows.governance.agree import agree, withdraw
from understudy.flows.governance.approve import Terms, approve
from understudy.flows.governance.ask import allow, ask_user, decline
from understudy.flows.governance.close_case import close_case
from understudy.flows.governance.deny import deny
from understudy.flows.governance.support_code import MadeCode, make_code, redeem


class Governing:
    """Approve, deny; ask, allow, tell a code, withdraw, complain."""

    stage: Stage

    @move(weight=2, number=NUMBERS, who=APPROVERS, minutes=MINUTES, reading=READING)
    def is_approved(self, number: int, who: str, minutes: int | None, reading: bool) -> None:
        """A colleague agrees, to as much or to less."""
        grants = list(self.stage.facts.grants.values())
        if grants:
            grant = grants[-1 - number % len(grants)]
            self.approve(grant, who, minutes=minutes, reading=reading)

    def approve(
        self, grant: Permitted, who: str, *, minutes: int | None = None, reading: bool = False
    ) -> None:
        stage = self.stage
        terms = Terms(minutes=minutes, scope=Scope.READ_ONLY if reading else None)
        by = stage.operator(who)
        before = self._row(grant)
        answer = stage.did(
            lambda unit: approve(unit, GrantId(grant.id), terms, who=by, origin=HERE)
        )
        if not isinstance(answer, Grant) or before.status is not GrantStatus.PENDING:
            return
        assert who != grant.actor, "somebody agreed to their own request"
        assert stage.facts.actors[who].active, "a disabled operator agreed"
        assert stage.facts.now < grant.until, "somebody agreed to what had expired"
        if who not in grant.said:
            grant.said[who] = (minutes or 60, reading)
            stage.tally["approved"] += 1
        grant.until = answer.expires_at

    def _row(self, grant: Permitted) -> Grant:
        with self.stage.world.engine.reading() as reader:
            found = reader.grants.get(GrantId(grant.id))
        assert found is not None
        return found

    @move(number=NUMBERS, who=APPROVERS)
    def is_denied(self, number: int, who: str) -> None:
        """A colleague says no, or takes back what they agreed to."""
        grants = list(self.stage.facts.grants.values())
        if not grants:
            return
        grant = grants[-1 - number % len(grants)]
        by = self.stage.operator(who)
        answer = self.stage.did(
            lambda unit: deny(unit, GrantId(grant.id), None, who=by, origin=HERE)
        )
        if isinstance(answer, Grant):
            grant.said.pop(who, None)
            grant.refused, grant.closed = True, grant.closed or "denied"
            self.stage.tally["denied"] += 1

    @move(actor=ACTORS, subject=SUBJECTS, minutes=MINUTES, reading=READING)
    def asks_the_user(self, actor: str, subject: str, minutes: int | None, reading: bool) -> None:
        """The actor asks the user for leave."""
        self.ask_user(actor, subject, minutes=minutes, reading=reading)

    def ask_user(
        self, actor: str, subject: str, *, minutes: int | None = None, reading: bool = False
    ) -> ConsentRequest | None:
        stage = self.stage
        person, who = stage.facts.people[subject], stage.facts.actors[actor]
        due = alarm_due(stage.facts, who, person, minutes=minutes, glass=False)
        ask = ImpersonationRequest(
            application_id=stage.world.application.id,
            actor=stage.actor(actor),
            subject_id=SubjectId(subject),
            reason=REASON,
            minutes=minutes,
            scope=Scope.READ_ONLY if reading else None,
        )
        answer = stage.did(lambda unit: ask_user(unit, ask, origin=HERE))
        stage.touched(actor, person, due=due)
        if not isinstance(answer, ConsentRequest):
            return None
        stage.questions.append((answer.id, subject, actor))
        return answer

    @move(number=NUMBERS)
    def taps_allow(self, number: int) -> None:
        """The user says yes in the app."""
        for question, subject, actor in self._question(number):
            self.allow(question, subject, actor)

    def allow(self, question: str, subject: str, actor: str) -> None:
        app = self.stage.world.application.id
        given = self.stage.did(
            lambda unit: allow(unit, app, SubjectId(subject), question, origin=HERE)
        )
        if given is not None:
            self.stage.agreed(given, subject, actor)

    @move(number=NUMBERS)
    def declines(self, number: int) -> None:
        """The user says no."""
        app = self.stage.world.application.id
        for question, subject, _ in self._question(number):
            self.stage.did(
                lambda unit, question=question, subject=subject: decline(  # type: ignore[misc]
                    unit, app, SubjectId(subject), question, origin=HERE
                )
            )

    @move(number=NUMBERS, right=READING, by=ACTORS)
    def tells_a_code(self, number: int, right: bool, by: str) -> None:
        """The user reads out a code; somebody types it, or a wrong one."""
        stage, app = self.stage, self.stage.world.application.id
        for question, subject, actor in self._question(number):
            made = stage.did(
                lambda unit, question=question, subject=subject: make_code(  # type: ignore[misc]
                    unit, app, SubjectId(subject), question, origin=HERE
                )
            )
            if not isinstance(made, MadeCode):
                continue
            text = "HELP 0000 0000" if right else made.text
            ref = stage.actor(by).ref
            given = stage.did(
                lambda unit, question=question, text=text, ref=ref: redeem(  # type: ignore[misc]
                    unit, question, text, actor_ref=ref, origin=HERE
                )
            )
            if isinstance(given, Consent):
                assert by == actor, "another actor used a code"
                assert text == made.text, "a wrong code was taken"
                stage.agreed(given, subject, actor)

    @move(subject=SUBJECTS, reading=READING)
    def agrees_for_days(self, subject: str, reading: bool) -> None:
        """The user agrees for a time, in place of what they agreed to for a time before."""
        app = self.stage.world.application.id
        scope = Scope.READ_ONLY if reading else Scope.FULL
        given = self.stage.did(
            lambda unit: agree(unit, app, SubjectId(subject), days=1, scope=scope, origin=HERE)
        )
        if given is not None:
            for earlier in self.stage.facts.consents:
                if earlier.whom == self.stage.whom(subject) and not earlier.once:
                    earlier.withdrawn = True
            self.stage.agreed(given, subject, None)

    @move(weight=2, subject=SUBJECTS)
    def withdraws(self, subject: str) -> None:
        """The user takes back all that they agreed to."""
        app = self.stage.world.application.id
        done = self.stage.did(lambda unit: withdraw(unit, app, SubjectId(subject), origin=HERE))
        if done is not None:
            for one in self.stage.facts.consents:
                one.withdrawn |= one.whom == self.stage.whom(subject)

    @move(number=NUMBERS, agreed=READING)
    def says_it_was_not_agreed(self, number: int, agreed: bool) -> None:
        """The user ends a session in their account, or says that they never agreed to it."""
        stage, app = self.stage, self.stage.world.application.id
        sessions = list(stage.facts.sessions.values())
        if not sessions:
            return
        session = sessions[-1 - number % len(sessions)]
        subject, sid = SubjectId(session.grant.whom[0]), SessionId(session.id)
        answer: Case | Session | None
        if agreed:
            answer = stage.did(lambda unit: end_by_user(unit, app, subject, sid, origin=HERE))
        else:
            answer = stage.did(
                lambda unit: not_agreed(unit, app, subject, sid, note="No.", origin=HERE)
            )
        if answer is not None:
            session.over = session.over or "the user ended it"
            session.grant.closed = session.grant.closed or "ended"
        if isinstance(answer, Case):
            stage.facts.actors[session.grant.actor].cases.add(answer.id)

    @move(who=ACTORS)
    def case_is_lifted(self, who: str) -> None:
        """An admin has looked into the cases about somebody, who may work again."""
        actor, by = self.stage.facts.actors[who], self.stage.operator("mara")
        for case in list(actor.cases):
            closed = self.stage.did(
                lambda unit, case=case: close_case(  # type: ignore[misc]
                    unit, case, note="All was well.", lift=True, by=by, origin=HERE
                )
            )
            if closed is not None:
                actor.cases.discard(case)

    def _question(self, number: int) -> list[tuple[str, str, str]]:
        found = self.stage.questions
        return [found[-1 - number % len(found)]] if found else []
