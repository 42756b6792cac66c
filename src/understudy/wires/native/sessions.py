"""Impersonation sessions: seeing, refreshing, ending and revoking them, and recording actions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from understudy.core.ids import ActorRef, SessionId
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.people.permissions import Permission
from understudy.core.ports import Flow, Reader, SessionFilter, Unit
from understudy.errors import (
    EndedHereOnly,
    EndedNotSaved,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    PermissionMissing,
    SessionOver,
    TokenInvalid,
    Unavailable,
)
from understudy.flows.impersonation.end import end
from understudy.flows.impersonation.end_all import Whose, cancel_waiting, end_live
from understudy.flows.impersonation.open_session import Over, refresh
from understudy.flows.impersonation.record_actions import record_actions as record
from understudy.flows.impersonation.whose import subject_of_session
from understudy.http.absent import given
from understudy.http.access import APPLICATION, SIGNED_IN_OR_APPLICATION, operator_or_application
from understudy.http.app_users import bring_subject
from understudy.http.bounds import as_of, optional_application, require_own
from understudy.http.call import Call
from understudy.http.cursor import cut, page_of, time_key
from understudy.http.ending_unread import end_unread
from understudy.http.endpoint import (
    API,
    MAX_BATCH_BYTES,
    Answered,
    Body,
    Endpoint,
    RateClass,
    answers,
)
from understudy.http.principal import ApplicationPrincipal, OperatorPrincipal
from understudy.http.query import NoQuery
from understudy.http.reply import Reply
from understudy.http.session_jwts import session_jwt
from understudy.http.shapes import Listed
from understudy.wires.native.keeping import keeps_redaction
from understudy.wires.native.people import find_people
from understudy.wires.native.presenting import (
    ended_answer,
    open_session_answer,
    session_answer,
)
from understudy.wires.native.schemas.impersonations import (
    ActionsRecorded,
    AnyActions,
    EndedSession,
    EndSession,
    OpenSession,
    RecordActions,
    Refresh,
    RevokeSessions,
    SessionAnswer,
    SessionsRevoked,
)
from understudy.wires.native.schemas.queries import SessionsQuery
from understudy.wires.native.taken_actions import taken_action

_TAG = "sessions"
_READ = operator_or_application(Permission.SESSIONS_READ)
_ONE = f"{API}/sessions/{{session_id}}"
_ENDED = (
    Answered(type=EndedSession),
    Answered(
        type=EndedSession,
        status=HTTPStatus.ACCEPTED,
        description="It is over, and kept to be logged: nothing can be written at the moment.",
    ),
)


async def list_sessions(call: Call[None, SessionsQuery]) -> Listed[SessionAnswer]:
    """Sessions, newest first."""
    query = call.query
    page = page_of(query.cursor, query.limit)

    def look_up(reader: Reader) -> Listed[SessionAnswer]:
        where = _filter(call, reader)
        rows = reader.sessions.search(where, page) if where is not None else ()
        shown, cursor = cut(rows, query.limit, key_of)
        found = [answer for row in shown if (answer := _answer(reader, row)) is not None]
        return Listed(items=found, next_cursor=cursor)

    return await call.read_long(look_up)


async def get_session(call: Call[None, NoQuery]) -> SessionAnswer:
    """One session.

    :raises NotFound: no such session, or not the caller's to see.
    """

    def look_up(reader: Reader) -> SessionAnswer:
        session = reader.sessions.get(SessionId(call.path["session_id"]))
        answer = _answer(reader, session) if session else None
        if session is None or answer is None:
            raise NotFound
        require_own(call.principal, session.application_id)
        return answer

    return await call.read(look_up)


async def refresh_session(call: Call[Refresh, NoQuery]) -> OpenSession:
    """The session behind a token; one that may go on no longer is ended on the way.

    :raises TokenInvalid: no such session of this application.
    :raises SessionOver: with the cause as its rule.
    """
    node, application = call.node, call.application.application
    await bring_subject(
        call,
        application,
        lambda reader: subject_of_session(reader, call.body.session_token, application.id),
        or_last_known=True,
    )
    times = node.clock.interval()
    opened = await call.look(
        lambda reader: refresh(
            reader,
            node.engine.vault,
            call.body.session_token,
            application=as_of(reader, application),
            now=times.latest,
            hides=keeps_redaction(call.headers),
        )
    )
    if isinstance(opened, Over) and opened.cause is None:
        call.count_unknown_token()
        raise TokenInvalid
    if isinstance(opened, Over):
        raise SessionOver(facts={"rule": opened.cause})
    node.last_seen.note_session(opened.session, opened.session_token)
    jwt = await session_jwt(node, opened, times.order) if call.body.jwt else None
    return open_session_answer(opened, now=times.order, session_jwt=jwt, headers=call.headers)


async def record_actions(call: Call[RecordActions | AnyActions, NoQuery]) -> object:
    """Append a batch of actions to the log, with stand-ins for what cannot be taken."""
    application_id = call.application.id
    actions = [taken_action(action, now=call.node.clock()) for action in call.body.actions]
    stand_ins = [place for place, action in enumerate(actions) if action.replaced]

    def flow(unit: Unit) -> ActionsRecorded:
        recorded = record(unit, application_id, SessionId(call.path["session_id"]), actions)
        return ActionsRecorded(
            recorded=recorded.count, last_index=recorded.last_index, stand_ins=stand_ins
        )

    return await call.run_once(flow)


async def end_session(call: Call[EndSession, NoQuery]) -> Reply:
    """End a session for its actor, or for the application that it runs in.

    :raises PermissionMissing: when an operator asks who is not its actor.
    """
    return await _close(call, EndCause(call.body.cause), only_actor=True)


async def revoke_session(call: Call[None, NoQuery]) -> Reply:
    """End somebody's session."""
    return await _close(call, EndCause.REVOKED, only_actor=False)


async def revoke_sessions(call: Call[RevokeSessions, NoQuery]) -> SessionsRevoked:
    """End everything of an application, of an operator, or of the installation.

    :raises InvalidInput: neither of them named, nor everything asked for.
    :raises EndedNotSaved: the sessions are over, and what waits could not be cancelled.
    :raises EndedHereOnly: they are over, and neither log nor disk could take that.
    """
    whose = _whose(call)
    # In slices, each durable by itself: an end of thousands holds up nobody else's.
    sessions = await _each(
        lambda: _ended(call, lambda unit: end_live(unit, whose, by=call.party, origin=call.origin))
    )
    try:
        grants = await _each(
            lambda: call.run(
                lambda unit: cancel_waiting(unit, whose, by=call.party, origin=call.origin)
            )
        )
    except OutcomeUnknown:
        raise
    except Unavailable as error:
        if not sessions:
            raise
        raise EndedNotSaved(internal=error.internal) from error
    return SessionsRevoked(sessions=sessions, grants=grants)


async def _ended(call: Call[Any, NoQuery], flow: Flow[int]) -> int:
    return (await call.end(flow)).value


async def _each(slice_: Callable[[], Awaitable[int]]) -> int:
    """How much was done in all; a slice that does nothing was the last."""
    done = 0
    while some := await slice_():
        done += some
    return done


def _whose(call: Call[RevokeSessions, NoQuery]) -> Whose:
    body = call.body
    operator_id = given(body.operator_id)
    application_id = optional_application(call.principal, body.application_id)
    if not body.everything and application_id is None and operator_id is None:
        raise InvalidInput("Name an application or an operator, or ask for everything.")
    return Whose(
        application_id=application_id,
        actor_ref=None if operator_id is None else ActorRef(operator_id),
    )


async def _close(call: Call[Any, NoQuery], cause: EndCause, *, only_actor: bool) -> Reply:
    principal = call.principal
    own = principal.id if isinstance(principal, ApplicationPrincipal) else None

    def flow(unit: Unit) -> SessionAnswer:
        session = unit.sessions.get(SessionId(call.path["session_id"]))
        if session is not None and own is None and only_actor:
            _require_actor(session, call.operator)
        over = end(
            unit,
            SessionId(call.path["session_id"]),
            cause=cause,
            by=call.party,
            origin=call.origin,
            application_id=own,
        )
        answer = _answer(unit, over)
        if answer is None:
            raise NotFound
        return answer

    try:
        ended = await call.end(flow)
    except EndedHereOnly:
        raise
    except Unavailable as error:
        raise await _end_unread(call, cause, error, only_actor=only_actor) from error
    # 202: it holds, and whoever wants to know that it is written asks again (RFC 9110, 15.3.3).
    return Reply(
        answer=ended_answer(ended.value, logged=ended.logged),
        status=HTTPStatus.OK if ended.logged else HTTPStatus.ACCEPTED,
    )


async def _end_unread(
    call: Call[Any, NoQuery], cause: EndCause, error: Unavailable, *, only_actor: bool
) -> Unavailable:
    """End a session that cannot be looked up, for whoever was seen last to be allowed that.

    The caller hears 503, as what became of it is not known; it is over all the same.
    """
    session_id = SessionId(call.path["session_id"])
    seen = call.node.last_seen.may_end(session_id, call.principal, only_actor=only_actor)
    if seen is None:
        return error
    return await end_unread(call, seen, cause=cause, by=call.party)


def _require_actor(session: Session, who: OperatorPrincipal) -> None:
    if session.actor_ref == who.id:
        return
    if not who.may(Permission.SESSIONS_READ):
        raise NotFound
    raise PermissionMissing("Only its actor can end a session. Revoke it instead.")


def _filter(call: Call[None, SessionsQuery], reader: Reader) -> SessionFilter | None:
    """What to search for; None when nothing can match."""
    query = call.query
    people = find_people(
        reader,
        call.node.engine.vault,
        application_id=optional_application(call.principal, query.application_id),
        actor_id=given(query.actor_id),
        subject_id=given(query.subject_id),
    )
    if people is None:
        return None
    return SessionFilter(
        application_id=people.application_id,
        state=given(query.state),
        grant_id=given(query.grant_id),
        actor_ref=people.actor_ref,
        subject_ref=people.subject_ref,
    )


def key_of(session: Session) -> tuple[str, ...]:
    """The place of a session in the list."""
    return time_key(session.started_at, session.id)


def _answer(reader: Reader, session: Session) -> SessionAnswer | None:
    grant = reader.grants.get(session.grant_id)
    return session_answer(reader, session, grant) if grant is not None else None


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/sessions",
        operation="list_sessions",
        summary="Sessions, newest first",
        tag=_TAG,
        access=_READ,
        handler=list_sessions,
        query=SessionsQuery,
        answers=answers(Listed[SessionAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        operation="get_session",
        summary="One session",
        tag=_TAG,
        access=_READ,
        handler=get_session,
        answers=answers(SessionAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/sessions/refresh",
        operation="refresh_session",
        ends=True,
        summary="The session behind a token, as it stands now",
        description="Every premise is checked again; a session that may not go on ends here.",
        tag=_TAG,
        access=APPLICATION,
        handler=refresh_session,
        body=Body(type=Refresh),
        answers=answers(OpenSession),
        problems=(TokenInvalid, SessionOver),
        rate=RateClass.SESSION,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/actions",
        operation="record_actions",
        summary="Write down what was done in a session",
        description=(
            "Actions count as activity. What was done before the end may arrive after it. An "
            "action that cannot be taken as it is gets a stand-in, which says what was replaced."
        ),
        tag=_TAG,
        access=APPLICATION,
        handler=record_actions,
        body=Body(type=RecordActions, reads=AnyActions, max_bytes=MAX_BATCH_BYTES),
        answers=answers(ActionsRecorded),
        problems=(NotFound, SessionOver),
        idempotent=True,
        in_parts=True,
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/end",
        operation="end_session",
        ends=True,
        ends_unread=True,
        summary="End a session, as its actor or its application",
        description="Ending a session that is over already answers it as it is.",
        tag=_TAG,
        access=SIGNED_IN_OR_APPLICATION,
        handler=end_session,
        body=Body(type=EndSession, required=False),
        answers=_ENDED,
        problems=(NotFound, PermissionMissing, EndedHereOnly, EndedNotSaved),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/revoke",
        operation="revoke_session",
        ends=True,
        ends_unread=True,
        summary="Revoke somebody's session",
        description="Revoking a session that is over already answers it as it is.",
        tag=_TAG,
        access=operator_or_application(Permission.SESSIONS_REVOKE),
        handler=revoke_session,
        answers=_ENDED,
        problems=(NotFound, EndedHereOnly, EndedNotSaved),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/sessions/revoke",
        operation="revoke_sessions",
        summary="End everything of an application, of an operator, or of the installation",
        description="Live sessions are revoked and waiting grants cancelled, with an entry each.",
        tag=_TAG,
        access=operator_or_application(Permission.SESSIONS_REVOKE),
        ends=True,
        handler=revoke_sessions,
        body=Body(type=RevokeSessions),
        answers=answers(SessionsRevoked),
        problems=(NotFound, EndedHereOnly, EndedNotSaved),
        rate=RateClass.NONE,
    ),
)
