"""Operators at their browsers, and codes bound to an app's verifier, as tests need them."""

from __future__ import annotations

from tests.contract.rules.world import HERE, World
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import code_challenge
from understudy.flows.impersonation.launch import Authorized, OperatorAtBrowser, authorize, launch
from understudy.flows.impersonation.mint import CodeBinding
from understudy.flows.people import sign_in, team

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""The verifier of RFC 7636, appendix B."""
CALLBACK = "https://app.example/_understudy/callback"
BINDING = CodeBinding(redirect_uri=CALLBACK, code_challenge=code_challenge(VERIFIER))


def at_browser(world: World, operator: Operator | None = None) -> OperatorAtBrowser:
    """``operator``, by default Sam, in a fresh browser session."""
    who = operator or world.sam
    begun = world.run(lambda unit: sign_in.begin(unit, who, origin=HERE))
    return OperatorAtBrowser(operator=who, session=begun.session)


def colleague(world: World) -> Operator:
    """Another support manager."""
    invited = world.run(
        lambda unit: team.invite(
            unit,
            email="kim@support.example",
            name="Kim",
            roles=[Role.SUPPORT_MANAGER],
            by=SYSTEM,
            origin=HERE,
        )
    )
    return world.run(
        lambda unit: team.join(unit, invited.token, name="Kim", password_hash="x", origin=HERE)
    )


def launched(world: World, grant: Grant, who: OperatorAtBrowser) -> Grant | Denied:
    """``grant``, armed by ``who``."""
    return world.run(lambda unit: launch(unit, grant.id, who=who, origin=HERE))


def authorized(
    world: World, grant: Grant, who: OperatorAtBrowser, *, client_id: str | None = None
) -> Authorized | Denied:
    """The answer to the app's authorization request in the browser of ``who``."""
    client = client_id or world.application.id
    return world.run(
        lambda unit: authorize(
            unit, grant.id, who=who, client_id=client, binding=BINDING, origin=HERE
        )
    )


def code_for(world: World, grant: Grant) -> str:
    """A code of ``grant``, bound to ``VERIFIER`` and ``CALLBACK``."""
    who = at_browser(world)
    assert isinstance(launched(world, grant, who), Grant)
    answer = authorized(world, grant, who)
    assert isinstance(answer, Authorized)
    return answer.code.token
