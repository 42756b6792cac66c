"""The two tokens with which an application opens a session where no browser is at hand."""

from __future__ import annotations

from understudy.core.ids import GrantId, OperatorId
from understudy.core.people.principals import Status
from understudy.core.ports import Reader, Unit
from understudy.errors import Conflict, NotFound, Refused
from understudy.flows.impersonation.delegate import hand_over
from understudy.flows.impersonation.denied import Denied
from understudy.http.access import SIGNED_IN, SIGNED_IN_OR_APPLICATION
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.nonces import new_jwt_id
from understudy.http.principal import ApplicationPrincipal
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.wires.oauth import delegation
from understudy.wires.oauth.schemas import ActorToken, ActorTokenRequest, SubjectToken
from understudy.wires.oauth.token_exchange import JWT


async def issue_subject_token(call: Call[None, NoQuery]) -> SubjectToken:
    """What a grant permits, for an exchange together with its operator's actor token.

    :raises Refused: when a rule says no by now.
    """
    principal, issuer = call.principal, call.node.settings.public_url
    by_application = isinstance(principal, ApplicationPrincipal)

    def flow(unit: Unit) -> SubjectToken | Denied:
        handed = hand_over(
            unit,
            GrantId(call.path["grant_id"]),
            by=call.party,
            origin=call.origin,
            application_id=principal.id if by_application else None,
            operator_id=None if by_application else OperatorId(principal.id),
        )
        if isinstance(handed, Denied):
            return handed
        signed = delegation.subject_token(
            unit.vault, handed, issuer=issuer, now=unit.now, jwt_id=new_jwt_id()
        )
        return SubjectToken(
            subject_token=signed.token, subject_token_type=JWT, expires_at=signed.expires_at
        )

    issued = await call.run(flow)
    if isinstance(issued, Denied):
        raise refusal(issued.rule, principal)
    return issued


async def issue_actor_token(call: Call[ActorTokenRequest, NoQuery]) -> ActorToken:
    """That the operator is here, for one application to show.

    :raises NotFound: no such application, or a disabled one.
    """
    who, node, application_id = call.operator, call.node, call.body.application_id

    def require_active(reader: Reader) -> None:
        application = reader.applications.get(application_id)
        if application is None or application.status is not Status.ACTIVE:
            raise NotFound("There is no such application.")

    await call.read(require_active)
    signed = delegation.actor_token(
        node.engine.vault,
        who.operator,
        who.session,
        application_id=application_id,
        issuer=node.settings.public_url,
        now=node.clock(),
        jwt_id=new_jwt_id(),
    )
    return ActorToken(actor_token=signed.token, actor_token_type=JWT, expires_at=signed.expires_at)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{API}/grants/{{grant_id}}/subject-token",
        operation="issue_subject_token",
        summary="A subject token for a token exchange without a browser",
        description=(
            "For the operator whose grant it is, and for its application. Good once, for 60 "
            "seconds, and only together with an actor token of that operator."
        ),
        tag="grants",
        access=SIGNED_IN_OR_APPLICATION,
        handler=issue_subject_token,
        answers=answers(SubjectToken),
        problems=(NotFound, Refused, Conflict),
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/account/actor-token",
        operation="issue_actor_token",
        summary="An actor token for a token exchange without a browser",
        description=(
            "Proves to one application that the operator is signed in, for 5 minutes and no longer "
            "than the sign-in itself."
        ),
        tag="account",
        access=SIGNED_IN,
        handler=issue_actor_token,
        body=Body(type=ActorTokenRequest),
        answers=answers(ActorToken),
        problems=(NotFound,),
        rate=RateClass.WRITE,
    ),
)
