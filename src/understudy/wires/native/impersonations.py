"""Starting an impersonation, and exchanging its token."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from http import HTTPStatus

from msgspec import UNSET

from understudy.core.applications.application import Application
from understudy.core.impersonation.grants import ImpersonationRequest
from understudy.core.impersonation.token_kinds import TokenKind
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import Actor, ActorKind
from understudy.core.ports import Unit
from understudy.errors import (
    ClockInDoubt,
    InvalidInput,
    RecentSignInRequired,
    Refused,
    TokenInvalid,
)
from understudy.flows.impersonation import open_session
from understudy.flows.impersonation.actors import named_actor
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import Presented, TokenRefused, exchange
from understudy.flows.impersonation.start import start as begin
from understudy.flows.impersonation.whose import subject_of_token
from understudy.http.absent import given
from understudy.http.access import APPLICATION, operator_or_application
from understudy.http.app_users import bring_subject, bring_up_to_date
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.presence import require_recent_sign_in
from understudy.http.principal import ApplicationPrincipal
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.http.session_jwts import ensure_key, session_jwt
from understudy.wires.native.keeping import keeps_redaction
from understudy.wires.native.presenting import grant_answer, open_session_answer
from understudy.wires.native.schemas.impersonations import (
    Exchange,
    ImpersonationStarted,
    OpenSession,
    StartImpersonation,
)

_TAG = "impersonations"


async def start(call: Call[StartImpersonation, NoQuery]) -> object:
    """Decide, and hand out what the caller goes on with.

    :raises RecentSignInRequired: see ``presence``.
    :raises Refused: when a rule says no; the log says so as well.
    """
    node = call.node
    require_recent_sign_in(call)
    if isinstance(call.principal, ApplicationPrincipal):
        ask = _by_application(call, call.principal.application.id)
    else:
        ask = _by_operator(call)
    await bring_up_to_date(
        call, lambda reader: reader.applications.get(ask.application_id), ask.subject_id
    )
    by_backend = ask.actor.kind is ActorKind.NAMED_BY_APPLICATION

    def flow(unit: Unit) -> ImpersonationStarted | Denied:
        started = begin(
            unit, ask, with_token=by_backend, kind_for=partial(_kind, call), origin=call.origin
        )
        if isinstance(started, Denied):
            return started
        grant, token = started.grant, started.token
        return ImpersonationStarted(
            grant=grant_answer(unit, grant),
            impersonation_token=token.token if token else None,
            impersonation_token_expires_at=token.expires_at if token else None,
            launch_url=None if by_backend else f"{node.settings.public_url}/launch/{grant.id}",
        )

    started = await call.run_once(flow)
    if isinstance(started, Denied):
        raise refusal(started.rule, call.principal, fault=started.fault)
    return started


async def exchange_token(call: Call[Exchange, NoQuery]) -> OpenSession:
    """The session for a token, once.

    :raises TokenInvalid: for every reason there is; the log knows which.
    """
    body, application = call.body, call.application.application
    await bring_subject(
        call,
        application,
        lambda reader: subject_of_token(reader, body.impersonation_token, application.id),
    )
    if body.jwt:
        # Beforehand: the token is used up by then.
        await ensure_key(call.node, application.id)

    def flow(unit: Unit) -> tuple[open_session.OpenSession | TokenRefused, datetime]:
        presented = Presented(
            token=body.impersonation_token,
            # As it stands in this unit, since it was authenticated from what this node remembers of
            # it.
            application=as_of(unit, application),
            wire=body.wire,
            code_verifier=given(body.code_verifier),
            redirect_uri=given(body.redirect_uri),
            attempt=given(body.attempt),
            hides=keeps_redaction(call.headers),
        )
        kinds = call.node.wires.token_kinds
        return exchange(unit, presented, kinds=kinds, origin=call.origin), unit.now

    opened, now = await call.run(flow)
    if isinstance(opened, TokenRefused):
        # One answer for all reasons, as each of them would tell a thief what is left to try.
        raise TokenInvalid
    call.node.last_seen.note_session(opened.session, opened.session_token)
    # Outside of the unit: an RSA signature takes longer than all that the writer does for one flow.
    jwt = await session_jwt(call.node, opened, now) if body.jwt else None
    return open_session_answer(opened, now=now, session_jwt=jwt, headers=call.headers)


def _by_application(
    call: Call[StartImpersonation, NoQuery], application_id: str
) -> ImpersonationRequest:
    body = call.body
    if body.actor is UNSET:
        raise InvalidInput("Name the actor.", facts={"field": "actor"})
    # The credentials say who it is; a body that says otherwise is refused and not corrected.
    if body.application_id not in (UNSET, application_id):
        raise InvalidInput(
            "An application starts its own impersonations only.", facts={"field": "application_id"}
        )
    named = body.actor
    actor = named_actor(
        call.node.engine.vault,
        application_id,
        named.id,
        email=None if named.email is UNSET else named.email,
        name=None if named.name is UNSET else named.name,
        groups=given(named.groups) or (),
    )
    return _ask(body, application_id, actor)


def _by_operator(call: Call[StartImpersonation, NoQuery]) -> ImpersonationRequest:
    body = call.body
    if body.actor is not UNSET:
        raise InvalidInput("An operator acts in their own name only.", facts={"field": "actor"})
    if body.wire is not UNSET:
        raise InvalidInput("An operator gets no token to choose.", facts={"field": "wire"})
    if body.application_id is UNSET:
        raise InvalidInput("Say which application is meant.", facts={"field": "application_id"})
    return _ask(body, body.application_id, Actor.from_operator(call.operator.operator))


def _kind(call: Call[StartImpersonation, NoQuery], application: Application | None) -> TokenKind:
    """For which protocol the token is made: as the application's hand-off goes, unless asked.

    :raises InvalidInput: for one that this node does not speak.
    """
    if call.body.wire is UNSET:
        return call.node.wires.kind_taken_by(application)
    found = call.node.wires.token_kinds.get(call.body.wire)
    if found is None:
        raise InvalidInput("There is no such wire here.", facts={"field": "wire"})
    return found


def _ask(body: StartImpersonation, application_id: str, actor: Actor) -> ImpersonationRequest:
    return ImpersonationRequest(
        application_id=application_id,
        actor=actor,
        subject_id=body.subject_id,
        organization_id=given(body.organization_id),
        reason=body.reason,
        ticket=given(body.ticket),
        scope=given(body.scope),
        minutes=given(body.minutes),
        return_to=given(body.return_to),
        break_glass=body.break_glass,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{API}/impersonations",
        operation="start_impersonation",
        summary="Ask to become a user",
        description=(
            "Operators act themselves and get a launch page; an application names the actor and "
            "gets a token. A refusal carries the `rule` that refused. Where others have to agree, "
            "the grant is `pending`; an application asks again, and gets the token once they did."
        ),
        tag=_TAG,
        access=operator_or_application(Permission.IMPERSONATION_START),
        handler=start,
        body=Body(type=StartImpersonation),
        answers=answers(ImpersonationStarted, status=HTTPStatus.CREATED),
        problems=(Refused, RecentSignInRequired, ClockInDoubt),
        idempotent=True,
        rate=RateClass.SESSION,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/impersonations/exchange",
        operation="exchange_token",
        summary="Exchange an impersonation token for a session",
        description=(
            "Works once. A second use is refused, and revokes the session that the first one made; "
            "hence there is no Idempotency-Key here. Who sends an `attempt`, fresh random text for "
            "each token, gets the same session by sending the same once more within 60 seconds, "
            "as when the answer got lost."
        ),
        tag=_TAG,
        access=APPLICATION,
        handler=exchange_token,
        body=Body(type=Exchange),
        answers=answers(OpenSession),
        problems=(TokenInvalid, ClockInDoubt),
        rate=RateClass.SESSION,
    ),
)
