"""The guard's way to an engine in the same process: the same flows, without a network between."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec

from understudy.core.applications.application import Application
from understudy.core.governance.unlocks import Write
from understudy.core.ids import SessionId, SubjectId
from understudy.core.impersonation.endings import Ending, Proof
from understudy.core.impersonation.grants import GrantStatus, ImpersonationRequest
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import HELD_OTHERWISE, SESSION_OVER, Action
from understudy.core.people.principals import Status
from understudy.core.ports import Entry, Flow, Page, Reader, SessionFilter, Unit
from understudy.core.redaction.lifted import Lifted, Shown
from understudy.core.rules.approval import APPROVAL_MISSING
from understudy.embedded.news import news_of, news_of_ending
from understudy.errors import (
    InvalidInput,
    NotFound,
    Refused,
    SessionOver,
    TokenInvalid,
    Unavailable,
)
from understudy.flows.directory.take_over import differs, take_over
from understudy.flows.governance.ask_unlock import ask_unlock
from understudy.flows.governance.reveal import reveal
from understudy.flows.governance.spend_unlock import Unspent, spend_unlock
from understudy.flows.impersonation import exchange, open_session, record_actions
from understudy.flows.impersonation.actors import actor_ref, named_actor
from understudy.flows.impersonation.carry_on import settle
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.minted import outstanding
from understudy.flows.impersonation.start import start
from understudy.flows.impersonation.whose import subject_of_session, subject_of_token
from understudy.flows.origin import Origin
from understudy.http.app_users import AppUsers, found_as
from understudy.http.idempotency import Once, request_hash, run_once
from understudy.http.outsiders import Ask as AskOutside
from understudy.http.outsiders import nobody_asks, run_asking
from understudy.http.shapes import Answer
from understudy.sdk.asks import WAITS, Ask, Granted
from understudy.sdk.secret import Secret
from understudy.sdk.unlock.values import Asked, Spent
from understudy.sdk.user_says import LOOKS, Deed, UserSays
from understudy.sdk.values import (
    ActiveSession,
    Actor,
    Beat,
    Minted,
    News,
    Opened,
    Organization,
    Presented,
    RecordedAction,
    Subject,
    Wire,
)
from understudy.sdk.wire import print_actions
from understudy.service.table import WIRES
from understudy.storage.engine.engine import StoreEngine
from understudy.wires.native import user_deeds
from understudy.wires.native.history import history_of
from understudy.wires.native.schemas.impersonations import ActionsRecorded

T = TypeVar("T")
Whose = Callable[[Reader, str, str], SubjectId | None]

_NEWS = SESSION_OVER | HELD_OTHERWISE
_HISTORY = 50
"""So many sessions in their account are shown to a user."""
_SILENCE_SECONDS = 10.0
"""A stream that says nothing for so long has lost its follower."""


class InProcessGateway:
    """The SDK's gateway over an engine in the same process, for one application.

    ``users`` are the app's own, if it is asked for them: whoever is to be served is looked up there
    first, and what has changed is in the directory, with its consequences, before rules look.
    ``ask`` asks the application's decision point, where it has one.
    """

    def __init__(
        self,
        engine: StoreEngine,
        application_id: str,
        *,
        users: AppUsers | None = None,
        ask: AskOutside = nobody_asks,
    ) -> None:
        self._engine = engine
        self._ask = ask
        self._application_id = application_id
        self._users = users
        self._streams: set[queue.SimpleQueue[News | None]] = set()

    def request(self, ask: Ask) -> Granted:
        """A grant for ``ask`` and its token, in one unit; a denial is an entry too.

        :raises Refused: a rule says no, or it waits until others agree.
        """
        self._bring(SubjectId(ask.subject_id))
        asked, kind = self._asked(ask), WIRES.token_kinds[Wire.NATIVE]
        started = run_asking(
            self._engine.run,
            lambda unit: start(
                unit, asked, with_token=True, kind_for=lambda _: kind, origin=Origin()
            ),
            self._ask,
        )
        if isinstance(started, Denied):
            raise Refused(started.rule.explained(started.fault), rule=started.rule.code)
        grant, token = started.grant, started.token
        if grant.status is GrantStatus.PENDING:
            raise Refused(WAITS, rule=APPROVAL_MISSING.code)
        if token is None:
            raise Unavailable(internal=f"the grant is {grant.status}, and cannot be used yet")
        return Granted(grant_id=grant.id, token=Secret(token.token), origin=grant.origin)

    def exchange(self, presented: Presented) -> Opened:
        """Turn an impersonation token into a session, once.

        :raises TokenInvalid: unknown, expired, used, foreign, bound to something else, or a rule
            says no by now; which of these, only the log tells.
        :raises Unavailable: the app's user table did not answer; the token stays as it was.
        """
        self._bring_whose(subject_of_token, presented.token)
        asked = exchange.Presented(
            token=presented.token.reveal(),
            application=self._application(),
            wire=presented.wire.value,
            code_verifier=presented.code_verifier.reveal() if presented.code_verifier else None,
            redirect_uri=presented.redirect_uri,
            attempt=presented.attempt.reveal() if presented.attempt else None,
            hides=True,
        )
        answer = run_asking(
            partial(self._engine.endings.run_ending, proven=Proof.SECRET),
            lambda unit: exchange.exchange(unit, asked, kinds=WIRES.token_kinds, origin=Origin()),
            self._ask,
        )
        if isinstance(answer, exchange.TokenRefused):
            raise TokenInvalid
        return self._opened(answer)

    def refresh(self, session_token: Secret) -> Opened:
        """The session as it is now; a fallen premise ends it on the spot.

        :raises TokenInvalid: no such session.
        :raises SessionOver: it has ended.
        """
        # The last row that is known stands until the lease ends, where the app does not answer.
        with suppress(Unavailable, InvalidInput):
            self._bring_whose(subject_of_session, session_token)
        application = self._application()
        with self._engine.reading() as reader:
            answer = open_session.refresh(
                reader,
                self._engine.vault,
                session_token.reveal(),
                application=application,
                now=self._engine.clock.latest(),
                hides=True,
            )
        if isinstance(answer, open_session.OpenSession):
            return self._opened(answer)
        if isinstance(answer, open_session.Fallen):
            self._settle(answer)
        if answer.cause is None:
            raise TokenInvalid
        raise SessionOver(facts={"cause": answer.cause})

    def end(self, session_id: str, cause: EndCause) -> bool:
        """End a session; harmless when it is over already, or none of this application's.

        False while it is over and nothing can be written; then it is kept, and to be repeated.
        """
        try:
            return self._end(session_id, cause, self._application())
        except NotFound:
            return True

    def sessions_of(self, actor_ids: Set[str]) -> Sequence[str]:
        """The ids of the live sessions of these actors, also of those begun at the dashboard."""
        vault, own = self._engine.vault, self._application_id
        refs = {actor_ref(vault, own, actor_id) for actor_id in actor_ids}
        with self._engine.reading() as reader:
            # By the app's id of them, as whom its own login lets them in there.
            staff = [reader.operators.by_staff_id(actor_id) for actor_id in actor_ids]
            refs |= {operator.actor_ref for operator in staff if operator is not None}
            live = reader.sessions.live(SessionFilter(application_id=own))
        return [session.id for session in live if session.actor_ref in refs]

    def record(self, session_id: str, actions: Sequence[RecordedAction], *, key: str) -> None:
        """Write ``actions`` into the log, durably, before returning; once under one ``key``.

        :raises SessionOver: an intent for a session that is over.
        """
        recorded = [_recorded(action) for action in actions]

        def flow(unit: Unit) -> ActionsRecorded:
            done = record_actions.record_actions(
                unit, self._application_id, SessionId(session_id), recorded
            )
            return ActionsRecorded(recorded=done.count, last_index=done.last_index, stand_ins=[])

        once = Once(
            scope=self._application_id,
            key=key,
            request_hash=request_hash("POST", session_id.encode(), print_actions(actions)),
            status=HTTPStatus.OK,
            in_parts=True,
        )
        try:
            self._engine.run(run_once(once, flow))
        except SessionOver as over:
            raise SessionOver(facts={"cause": over.facts.get("rule")}) from None

    def minted(self) -> Sequence[Minted]:
        """What was made in sessions that are over and is to be revoked."""
        with self._engine.reading() as reader:
            found = outstanding(reader, self._application_id, now=self._engine.clock())
        return [
            Minted(id=one.id, session_id=one.session_id, kind=one.kind, reference=one.reference)
            for one in found
        ]

    def ask_unlock(self, session_id: str, write: Write, *, reason: str) -> Asked:
        """Ask that one blocked change be allowed.

        :raises Refused: a rule says no.
        :raises SessionOver: it has ended.
        """
        application = self._application()
        asked = self._permitted(
            lambda unit: ask_unlock(
                unit, application, SessionId(session_id), write, reason=reason, origin=Origin()
            )
        )
        return Asked(id=asked.id, status=asked.status)

    def reveal(self, session_id: str, lifted: Lifted, *, reason: str) -> Shown:
        """Ask that what a rule hides be shown in a session for a while.

        :raises Refused: a rule says no.
        :raises SessionOver: it has ended.
        """
        application = self._application()
        revealed = self._permitted(
            lambda unit: reveal(
                unit, application, SessionId(session_id), lifted, reason=reason, origin=Origin()
            )
        )
        return revealed.shown

    def _permitted(self, flow: Flow[T | Denied]) -> T:
        """What ``flow`` answers.

        :raises Refused: a rule says no.
        """
        answer = self._engine.run(flow)
        if isinstance(answer, Denied):
            raise Refused(answer.explanation, rule=answer.rule.code)
        return answer

    def spend(self, session_id: str, write: Write) -> Spent:
        """Use up what was allowed for exactly ``write``.

        :raises SessionOver: it has ended.
        """
        application = self._application()
        found = self._engine.run(
            lambda unit: spend_unlock(
                unit, application, SessionId(session_id), write, origin=Origin()
            )
        )
        differs = found.differs if isinstance(found, Unspent) else ()
        return Spent(spent=bool(found), differs=differs)

    def follow(self, last_event_id: str | None) -> Iterator[News]:
        """News of the application's sessions as they happen, with a beat each second."""
        news: queue.SimpleQueue[News | None] = queue.SimpleQueue()

        def hand_over(entries: Sequence[Entry]) -> None:
            for entry in entries:
                one = news_of(entry, self._application_id)
                if one is not None:
                    news.put(one)

        def hear(endings: Sequence[Ending]) -> None:
            for ending in endings:
                if ending.application_id in (None, self._application_id):
                    news.put(news_of_ending(ending))

        def beat(index: int) -> None:
            # What another process of this data directory was told comes before the beat.
            spool.look()
            self._engine.endings.replays.wake()
            news.put(Beat(index=index))

        spool = self._engine.endings.spool
        spool.open()
        spool.listeners.append(hear)
        self._streams.add(news)
        hear(spool.in_force.all())
        follower = self._engine.follower(hand_over, beat, types=_NEWS)
        follower.start(after=int(last_event_id) if last_event_id else None)
        try:
            with suppress(queue.Empty):
                while (told := news.get(timeout=_SILENCE_SECONDS)) is not None:
                    yield told
        finally:
            self._streams.discard(news)
            follower.stop()
            spool.listeners.remove(hear)

    def tell(self, said: UserSays) -> Mapping[str, Any]:
        """Do, or look at, what a user says, for whom the app vouches.

        :raises UnderstudyError: what they ask for cannot be done.
        """
        user, application_id = SubjectId(said.subject_id), self._application_id
        self._bring(user)
        if said.deed not in LOOKS:
            done = self._engine.endings.run_ending(
                lambda unit: user_deeds.done(unit, application_id, said, Origin()),
                proven=Proof.SECRET,
            )
            return dict(msgspec.to_builtins(done))
        with self._engine.reading() as reader:
            application = self._application()
            if said.deed is Deed.STATE:
                now = self._engine.now()
                found: Answer = user_deeds.consent_state(reader, application_id, user, now)
            else:
                page = Page(limit=_HISTORY + 1)
                found = history_of(reader, application, user, page=page, limit=_HISTORY, own=True)
        return dict(msgspec.to_builtins(found))

    def close(self) -> None:
        """End the news. The engine belongs to whoever opened it."""
        for news in tuple(self._streams):
            news.put(None)

    def _bring_whose(self, whose: Whose, token: Secret) -> None:
        """``_bring`` for the subject that ``token`` leads to, if it is one of ours."""
        if self._users is None:
            return
        with self._engine.reading() as reader:
            subject_id = whose(reader, token.reveal(), self._application_id)
        if subject_id is not None:
            self._bring(subject_id)

    def _bring(self, subject_id: SubjectId) -> None:
        """Bring what the directory has of a user up to date; what is as it was is no write."""
        if self._users is None:
            return
        found, application = found_as(subject_id, self._users.get(subject_id)), self._application()
        with self._engine.reading() as reader:
            is_news = differs(reader, application, found)
        if is_news:
            self._engine.endings.run_ending(
                lambda unit: take_over(unit, application, found, origin=Origin()),
                proven=Proof.SECRET,
            )

    def _asked(self, ask: Ask) -> ImpersonationRequest:
        application, actor = self._application(), ask.actor
        return ImpersonationRequest(
            application_id=application.id,
            actor=named_actor(
                self._engine.vault,
                application.id,
                actor.id,
                email=actor.email,
                name=actor.name,
                groups=actor.groups,
            ),
            subject_id=SubjectId(ask.subject_id),
            reason=ask.reason,
            ticket=ask.ticket,
            minutes=ask.minutes,
            scope=ask.scope,
        )

    def _application(self) -> Application:
        with self._engine.reading() as reader:
            application = reader.applications.get(self._application_id)
        if application is None or application.status is not Status.ACTIVE:
            raise NotFound(f"There is no active application {self._application_id}.")
        return application

    def _settle(self, fallen: open_session.Fallen) -> None:
        """End it, if that can be written now; it is over either way."""
        with suppress(Unavailable):
            self._engine.run(lambda unit: settle(unit, fallen, origin=Origin()))

    def _end(self, session_id: str, cause: EndCause, application: Application) -> bool:
        ended = self._engine.endings.end(
            lambda unit: end(
                unit,
                SessionId(session_id),
                cause=cause,
                by=application.party,
                origin=Origin(),
                application_id=application.id,
            ),
            proven=Proof.SECRET,
        )
        return ended.logged

    def _opened(self, answer: open_session.OpenSession) -> Opened:
        now = self._engine.clock()
        return Opened(
            session=_active(answer),
            session_token=Secret(answer.session_token),
            lease_expires_at=answer.session.lease_until(now),
            server_time=now,
            log_index=answer.log_size,
            return_to=answer.grant.return_to,
            told_as=answer.application.settings.consent.told_as(answer.grant.actor.name),
        )


def _active(answer: open_session.OpenSession) -> ActiveSession:
    session, grant, subject = answer.session, answer.grant, answer.subject
    organization = answer.organization
    return ActiveSession(
        id=session.id,
        grant_id=grant.id,
        application_id=session.application_id,
        actor=Actor(
            kind=grant.actor.kind,
            id=grant.actor.id,
            email=grant.actor.email,
            name=grant.actor.name,
        ),
        subject=Subject(id=subject.id, email=subject.email, name=subject.name, roles=subject.roles),
        organization=Organization(id=organization.id, name=organization.name)
        if organization
        else None,
        reason=grant.reason,
        ticket=grant.ticket,
        restrictions=answer.restrictions,
        started_at=session.started_at,
        ends_at=session.ends_at,
        idle_ends_at=min(session.idle_at, session.ends_at),
        last_active_at=session.last_active_at,
        origin=grant.origin,
    )


def _recorded(action: RecordedAction) -> record_actions.RecordedAction:
    return record_actions.RecordedAction(
        action=Action(
            id=action.id,
            method=action.method,
            route=action.route,
            path=action.path,
            status=action.status,
            duration_ms=action.duration_ms,
        ),
        phase=record_actions.Phase(action.phase),
        at=action.at,
        rule=action.rule,
        table=action.table,
        kind=action.kind,
        did=action.did,
        reference=action.reference,
        origin=Origin.of(action.address, action.user_agent),
    )
