"""Moves by which somebody comes to work as somebody else, works, and ends."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.contract.histories.drawing import ACTORS, MINUTES, NUMBERS, READING, SUBJECTS, move
from tests.contract.histories.facts import Permitted, Person, Session
from tests.contract.histories.judging import hour_of
from tests.contract.histories.judging_insiders import alarm_due, over_budget
from tests.contract.histories.stage import Stage
from tests.contract.rules.world import CALLBACK, HERE, VERIFIER
from understudy.core.ids import GrantId, SessionId
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.carry_on import touched
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.exchange import code_challenge
from understudy.flows.impersonation.launch import (
    Authorized,
    OperatorAtBrowser,
    authorize,
    launch,
)
from understudy.flows.impersonation.mint import CodeBinding
from understudy.flows.impersonation.open_session import OpenSession, refresh
from understudy.flows.impersonation.request import Granted
from understudy.flows.people.sign_in import signed_in

BINDING = CodeBinding(redirect_uri=CALLBACK, code_challenge=code_challenge(VERIFIER))


class Work:
    """Ask, launch, exchange, work, end, and what a thief would try beside."""

    stage: Stage

    @move(actor=ACTORS, subject=SUBJECTS, minutes=MINUTES, reading=READING, glass=READING)
    def asks(self, actor: str, subject: str, **terms: Any) -> None:
        """Somebody asks to work as somebody, breaking the glass or not."""
        self.ask(actor, subject, **terms)

    @move(actor=ACTORS, subject=SUBJECTS, minutes=MINUTES, reading=READING, glass=READING)
    def asks_and_begins(self, actor: str, subject: str, **terms: Any) -> None:
        """The same, and uses it at once."""
        grant = self.ask(actor, subject, **terms)
        if grant is not None:
            self.open(grant)

    def ask(
        self,
        actor: str,
        subject: str,
        *,
        minutes: int | None = None,
        reading: bool = False,
        glass: bool = False,
    ) -> Permitted | None:
        stage, app = self.stage, self.stage.facts.app
        person = stage.facts.people[subject]
        due = alarm_due(
            stage.facts, stage.facts.actors[actor], person, minutes=minutes, glass=glass
        )
        wanted = self._wanted(actor, person)
        answer = stage.world.ask(
            subject,
            actor=stage.actor(actor),
            minutes=minutes,
            scope=Scope.READ_ONLY if reading else None,
            break_glass=glass,
        )
        stage.touched(actor, person, due=due)
        if not isinstance(answer, Granted):
            assert not due or answer.rule.code == "subject_unknown", "who is bait was told"
            return None
        assert not person.honey, "somebody was granted to work as a honey user"
        grant = answer.grant
        waits = grant.status is GrantStatus.PENDING
        assert waits or not wanted or glass, "nobody has to agree any more"
        tenant = stage.facts.tenants.get(person.organization or "")
        stage.granted(
            Permitted(
                id=grant.id,
                actor=actor,
                whom=person.key,
                organization=(tenant.id, tenant.generation) if tenant else None,
                minutes=min(
                    minutes or min(30, app.max_minutes),
                    app.break_glass_minutes if glass and grant.review_id else 60,
                ),
                only_reading=reading or app.only_reading,
                quorum=app.quorum,
                broke_glass=wanted and glass and app.break_glass,
                made=stage.facts.now,
                until=grant.expires_at,
            )
        )
        self._note_use(grant)
        return stage.facts.grants[grant.id]

    def _wanted(self, actor: str, person: Person) -> bool:
        """Whether somebody has to agree, by the application, a budget or the policies."""
        facts = self.stage.facts
        who = facts.actors[actor]
        terms = facts.app.policy.says(who.asks_for(person, hour=hour_of(facts.now)))
        over = over_budget(facts, actor, person.key)
        self.stage.tally["over budget"] += over
        return over or bool(facts.app.quorum or terms.quorum)

    def _note_use(self, grant: Grant) -> None:
        """Which agreement to one request this grant came of: the product alone knows."""
        with self.stage.world.engine.reading() as reader:
            rows = reader.consents.standing_or_used(grant.subject_ref, self.stage.world.clock.now)
        used = {one.id for one in rows if one.grant_id == grant.id}
        for agreed in self.stage.facts.consents:
            if agreed.id in used:
                assert agreed.grant in (None, grant.id), "one yes led to two grants"
                assert agreed.actor == self.stage.facts.grants[grant.id].actor
                agreed.grant = grant.id

    def open(self, permitted: Permitted) -> None:
        """Mint a token of the grant, and exchange it."""
        with self.stage.world.engine.reading() as reader:
            grant = reader.grants.get(GrantId(permitted.id))
        assert grant is not None
        self.present(self.stage.world.token(grant), permitted)

    def present(self, token: str, permitted: Permitted, *, code: bool = False) -> None:
        """Exchange a token: the second time it opens nothing, and ends what the first one made."""
        stage = self.stage
        opened = stage.world.redeem(token) if code else stage.world.exchange(token)
        fresh = token not in stage.used
        if isinstance(opened, OpenSession):
            assert fresh, "a token was used twice"
            stage.used.add(token)
            stage.tokens.append((token, permitted.id, opened.session.id))
            stage.began(opened, permitted)
        elif not fresh:
            made = next(session for one, _, session in stage.tokens if one == token)
            stage.over("its token came again", lambda one: one.id == made)

    @move(number=NUMBERS)
    def exchanges(self, number: int) -> None:
        """Somebody uses a grant, or launches it again."""
        grants = list(self.stage.facts.grants.values())
        if grants:
            self.open(grants[-1 - number % len(grants)])

    @move(number=NUMBERS)
    def presents_again(self, number: int) -> None:
        """A token that was used comes a second time."""
        if self.stage.tokens:
            token, grant, _ = self.stage.tokens[-1 - number % len(self.stage.tokens)]
            self.present(token, self.stage.facts.grants[grant])

    @move(number=NUMBERS)
    def is_presented_elsewhere(self, number: int) -> None:
        """Another application presents a token, and a session's token, which are not its own."""
        stage = self.stage
        for opened in list(stage.opened.values())[-1 - number :]:
            assert not stage.world.run(
                lambda unit, opened=opened: _foreign(unit, opened, stage)  # type: ignore[misc]
            )

    @move(number=NUMBERS, only_armed=READING)
    def launches(self, number: int, only_armed: bool) -> None:
        """An operator launches their grant from the dashboard, and the app redeems the code."""
        stage = self.stage
        own = [one for one in stage.facts.grants.values() if stage.facts.actors[one.actor].operator]
        if not own:
            return
        grant = own[-1 - number % len(own)]
        who = stage.operator(grant.actor)
        begun = stage.world.run(lambda unit: signed_in(unit, who, origin=HERE))
        if begun is None:
            return
        at = OperatorAtBrowser(operator=who, session=begun.session)
        armed = stage.did(lambda unit: launch(unit, GrantId(grant.id), who=at, origin=HERE))
        if only_armed or not isinstance(armed, Grant):
            return
        answer = stage.did(
            lambda unit: authorize(
                unit,
                GrantId(grant.id),
                who=at,
                client_id=stage.world.application.id,
                binding=BINDING,
                origin=HERE,
            )
        )
        if isinstance(answer, Authorized):
            self.present(answer.code.token, grant, code=True)

    @move(number=NUMBERS)
    def works(self, number: int) -> None:
        """A request in the app: served from the guard's copy, or asked anew."""
        stage, now = self.stage, self.stage.world.clock.now
        for session in self._some(number):
            if not stage.guard.serve(session.id, now):
                looked = stage.world.refresh(stage.opened[session.id])
                if not isinstance(looked, OpenSession):
                    continue
                stage.keep(looked)
            opened = stage.opened[session.id]
            if session.over is None:
                session.active = now
            stage.world.run(partial(touched, opened=opened))

    @move(number=NUMBERS)
    def ends(self, number: int) -> None:
        """The actor presses End."""
        self._end(number, EndCause.ENDED_BY_ACTOR)

    @move(number=NUMBERS)
    def is_revoked(self, number: int) -> None:
        """A colleague ends it."""
        self._end(number, EndCause.REVOKED)

    def _end(self, number: int, cause: EndCause) -> None:
        for session in self._some(number):
            sid = SessionId(session.id)
            self.stage.world.run(
                lambda unit, sid=sid: end(unit, sid, cause=cause, by=SYSTEM, origin=HERE)  # type: ignore[misc]
            )
            session.over = session.over or cause
            session.grant.closed = session.grant.closed or "ended"

    @move(number=NUMBERS)
    def is_cancelled(self, number: int) -> None:
        """A grant is withdrawn."""
        grants = list(self.stage.facts.grants.values())
        if not grants:
            return
        grant = grants[-1 - number % len(grants)]
        by = SYSTEM
        self.stage.world.run(lambda unit: cancel(unit, GrantId(grant.id), by=by, origin=HERE))
        grant.closed = grant.closed or "cancelled"
        self.stage.over("its grant was cancelled", lambda one: one.grant is grant)

    def _some(self, number: int) -> list[Session]:
        """One of the sessions, the latest ones first."""
        found = list(self.stage.facts.sessions.values())
        return [found[-1 - number % len(found)]] if found else []


def _foreign(unit: Unit, opened: OpenSession, stage: Stage) -> bool:
    """Whether another application is served by a session that is not its own."""
    looked = refresh(
        unit,
        unit.vault,
        opened.session_token,
        application=stage.world.other_application,
        now=unit.latest,
    )
    return isinstance(looked, OpenSession)
