"""Actor tokens for Clerk's SDKs; sign-in tokens, which are not made here, are refused."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from understudy.core.impersonation.grants import Grant
from understudy.core.ports import Unit
from understudy.flows.impersonation.actors import named_actor
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.start import Started
from understudy.http.access import BEARER_APPLICATION
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import Body, RateClass
from understudy.http.query import NoQuery
from understudy.wires.clerk.actor_tokens import create, read, revoke, shape
from understudy.wires.clerk.answers import API, answer, endpoint, problem_response
from understudy.wires.clerk.errors import ClerkProblem, Code, denied

Json = dict[str, Any]

_NO_SIGN_IN_TOKENS = ClerkProblem(
    status=HTTPStatus.FORBIDDEN,
    code=Code.NOT_ENABLED,
    message="is not possible",
    detail=(
        "Sign-in tokens sign users in without saying who acts. Create an actor token: it names "
        "the impersonator, and the log shows both."
    ),
)


async def create_actor_token(call: Call[Json, NoQuery]) -> object:
    """A ticket for working as a user, or the rule that refused."""
    node, application = call.node, call.application.application
    ask = read(call.body)
    actor = named_actor(
        node.engine.vault,
        application.id,
        ask.sub,
        email=ask.email or None,
        name=ask.name or None,
    )

    def flow(unit: Unit) -> Json | Denied:
        made = create(
            unit, ask, actor=actor, application=as_of(unit, application), origin=call.origin
        )
        return made if isinstance(made, Denied) else _shown(call, made, unit)

    made = await call.run(flow)
    if isinstance(made, Denied):
        return problem_response(denied(made.rule, made.fault), call.incoming)
    return made


async def revoke_actor_token(call: Call[None, NoQuery]) -> object:
    """Withdraw a ticket that nobody has used yet."""
    application = call.application.application

    def flow(unit: Unit) -> Json | ClerkProblem:
        found = revoke(
            unit,
            call.path["token_id"],
            application=application,
            by=call.party,
            origin=call.origin,
        )
        return _revoked(call, found, unit) if isinstance(found, Grant) else found

    return answer(await call.run_ending(flow), call.incoming)


async def refuse_sign_in_token(call: Call[Any, NoQuery]) -> object:
    """Say what to use instead."""
    return problem_response(_NO_SIGN_IN_TOKENS, call.incoming)


def _shown(call: Call[Any, NoQuery], made: Started, unit: Unit) -> Json:
    base = call.node.settings.public_url
    return shape(made.grant, now=unit.now, made=made.token, base=base)


def _revoked(call: Call[Any, NoQuery], grant: Grant, unit: Unit) -> Json:
    return shape(grant, now=unit.now, made=None, base=call.node.settings.public_url)


_NOTHING = Body(type=dict[str, Any], required=False)

ENDPOINTS = (
    endpoint(
        method="POST",
        path=f"{API}/actor_tokens",
        operation="clerk_create_actor_token",
        summary="Create an actor token",
        access=BEARER_APPLICATION,
        handler=create_actor_token,
        body=Body(type=dict[str, Any]),
        rate=RateClass.SESSION,
    ),
    endpoint(
        method="POST",
        path=f"{API}/actor_tokens/{{token_id}}/revoke",
        operation="clerk_revoke_actor_token",
        ends=True,
        summary="Revoke an actor token",
        access=BEARER_APPLICATION,
        handler=revoke_actor_token,
        body=_NOTHING,
        rate=RateClass.NONE,
    ),
    endpoint(
        method="POST",
        path=f"{API}/sign_in_tokens",
        operation="clerk_create_sign_in_token",
        summary="Refuse a sign-in token",
        access=BEARER_APPLICATION,
        handler=refuse_sign_in_token,
        body=_NOTHING,
    ),
    endpoint(
        method="POST",
        path=f"{API}/sign_in_tokens/{{token_id}}/revoke",
        operation="clerk_revoke_sign_in_token",
        summary="Refuse a sign-in token",
        access=BEARER_APPLICATION,
        handler=refuse_sign_in_token,
        body=_NOTHING,
    ),
)
