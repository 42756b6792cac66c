"""An operator's cookie is not enough where an app says who is staff: they must be there as well.

Whoever has left the app's login, or has become somebody else in it, is signed out here at once; and
so is whoever may do something else by now, until a page signs them in anew.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from understudy.core.people.staff import recent_until
from understudy.errors import NotSignedIn, RecentSignInRequired, Unavailable
from understudy.flows.origin import Origin
from understudy.flows.people.staff import let_go
from understudy.http.call import Call
from understudy.http.incoming import Incoming
from understudy.http.node import Node
from understudy.http.principal import OperatorPrincipal
from understudy.http.staffing import arrival

_ELSEWHERE = "The app signs you in, under its own address. Open the dashboard there."
_LEFT = "You have left the app, or are somebody else in it by now. Open the dashboard anew."


async def require_present(node: Node, request: Incoming, who: OperatorPrincipal) -> None:
    """Return only if ``who`` is still there, for whoever it is that signs them in.

    :raises NotSignedIn: when not; the sign-in has ended then.
    :raises Unavailable: when the app could not say.
    """
    operator, session = who.operator, who.session
    if node.staffing is None:
        # Beside the app nobody can ask it who is still there.
        if operator.staff_id is not None:
            raise NotSignedIn(_ELSEWHERE)
        return
    account = arrival(node.staffing, request.scope).account
    if account is not None and account.may_go_on_as(operator):
        return
    origin = Origin.of(request.address, request.headers.get("user-agent"))
    # Refused in any case: where nothing can be written now, the next request ends it.
    with suppress(Unavailable):
        await node.run(lambda unit: let_go(unit, session, account, origin=origin))
    raise NotSignedIn(_LEFT)


def recent_sign_in_until(node: Node, request: Incoming, who: OperatorPrincipal) -> datetime | None:
    """Until when ``who`` may begin to work as a user; None when they have to sign in anew first."""
    if node.staffing is None:
        return None
    member = arrival(node.staffing, request.scope).member
    signed_in_at = member.signed_in_at if member is not None else None
    return recent_until(signed_in_at, who.session.confirmed_at, node.clock.latest())


def require_recent_sign_in(call: Call[object, object]) -> None:
    """Return only if the operator who calls has signed in lately, as far as an app signs them in.

    The dashboard has the origin of the app there: whatever runs in the app could use a sign-in that
    is left open.

    :raises RecentSignInRequired: when not, with what they can do about it.
    """
    node, who = call.node, call.principal
    if node.staffing is None or not isinstance(who, OperatorPrincipal):
        return
    until = recent_sign_in_until(node, call.incoming, who)
    if until is not None and node.clock.latest() < until:
        return
    said = arrival(node.staffing, call.incoming.scope)
    facts = {"sign_in": said.sign_in_at, "password": said.check_password is not None}
    raise RecentSignInRequired(facts=facts)
