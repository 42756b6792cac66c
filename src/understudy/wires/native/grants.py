"""Grants: what was permitted, cancelling it, and launching it into the app."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from understudy.core.applications.addresses import effective_launch_url
from understudy.core.applications.application import Application
from understudy.core.applications.session_origins import moved, return_addresses
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import Grant
from understudy.core.people.permissions import Permission
from understudy.core.ports import GrantFilter, Reader, Unit
from understudy.errors import (
    Conflict,
    NotFound,
    PermissionMissing,
    RecentSignInRequired,
    Refused,
)
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.launch import OperatorAtBrowser, hand_over, launch
from understudy.http.absent import given
from understudy.http.access import SIGNED_IN, SIGNED_IN_OR_APPLICATION, operator_or_application
from understudy.http.bounds import optional_application, require_own
from understudy.http.call import Call
from understudy.http.cursor import cut, page_of, time_key
from understudy.http.endpoint import API, FORM, Answered, Endpoint, RateClass, answers
from understudy.http.nonces import new_nonce
from understudy.http.pages import moving_on_page
from understudy.http.presence import require_recent_sign_in
from understudy.http.principal import ApplicationPrincipal, OperatorPrincipal, Principal
from understudy.http.query import NoQuery
from understudy.http.refusals import refusal
from understudy.http.shapes import Listed
from understudy.wires.native.people import find_people
from understudy.wires.native.presenting import grant_answer
from understudy.wires.native.schemas.impersonations import GrantAnswer, Launched
from understudy.wires.native.schemas.queries import GrantsQuery

_TAG = "grants"
_READ = operator_or_application(Permission.GRANTS_READ)
_ONE = f"{API}/grants/{{grant_id}}"
_NOWHERE = "This application has no redirect URL yet. An admin can add one."


async def list_grants(call: Call[None, GrantsQuery]) -> Listed[GrantAnswer]:
    """Grants, newest first."""
    query = call.query
    page = page_of(query.cursor, query.limit)

    def look_up(reader: Reader) -> Listed[GrantAnswer]:
        where = _filter(call, reader)
        rows = reader.grants.search(where, page) if where is not None else ()
        shown, cursor = cut(rows, query.limit, lambda grant: time_key(grant.created_at, grant.id))
        return Listed(items=[grant_answer(reader, row) for row in shown], next_cursor=cursor)

    return await call.read_long(look_up)


async def get_grant(call: Call[None, NoQuery]) -> GrantAnswer:
    """One grant; its actor may always see it.

    :raises NotFound: no such grant, or not the caller's to see.
    """

    def look_up(reader: Reader) -> GrantAnswer:
        grant = reader.grants.get(GrantId(call.path["grant_id"]))
        if grant is None:
            raise NotFound
        require_own(call.principal, grant.application_id)
        _require_reader(grant, call.principal)
        return grant_answer(reader, grant)

    return await call.read(look_up)


async def cancel_grant(call: Call[None, NoQuery]) -> GrantAnswer:
    """Withdraw a grant.

    :raises PermissionMissing: when an operator asks who is not its actor and may not revoke.
    """
    principal = call.principal
    own = principal.id if isinstance(principal, ApplicationPrincipal) else None

    def flow(unit: Unit) -> GrantAnswer:
        grant = unit.grants.get(GrantId(call.path["grant_id"]))
        if grant is not None and own is None:
            _require_canceller(grant, call.operator)
        cancelled = cancel(
            unit,
            GrantId(call.path["grant_id"]),
            by=call.party,
            origin=call.origin,
            application_id=own,
        )
        return grant_answer(unit, cancelled)

    return await call.run_ending(flow)


async def launch_grant(call: Call[None, NoQuery]) -> Launched | Response:
    """Open the way into the app, and say where it begins.

    :raises RecentSignInRequired: see ``presence``.
    :raises Refused: when a rule says no by now.
    """
    require_recent_sign_in(call)
    who = OperatorAtBrowser(operator=call.operator.operator, session=call.operator.session)

    def flow(unit: Unit) -> Launched | Denied:
        grant = unit.grants.get(GrantId(call.path["grant_id"]))
        application = unit.applications.get(grant.application_id) if grant else None
        if grant is None or application is None:
            raise NotFound
        if call.node.wires.hand_off_of(application).address is None:
            return _with_code(call, unit, grant, application, who)
        return _with_token(call, unit, grant, application, who)

    launched = await call.run(flow)
    if isinstance(launched, Denied):
        raise refusal(launched.rule, call.principal)
    if call.headers.get("content-type", "").startswith(FORM):
        return moving_on_page(url=launched.url, nonce=new_nonce())
    return launched


def _with_code(
    call: Call[None, NoQuery],
    unit: Unit,
    grant: Grant,
    application: Application,
    who: OperatorAtBrowser,
) -> Launched | Denied:
    """Arm the grant; the app begins the code hand-off (as in OpenID Connect Core, section 4).

    :raises Conflict: when the application has no address to begin at.
    """
    armed = launch(unit, grant.id, who=who, origin=call.origin)
    if isinstance(armed, Denied):
        return armed
    settings = application.settings
    url = effective_launch_url(settings.launch_url, settings.redirect_urls)
    if url is None or armed.armed_until is None:
        raise Conflict(_NOWHERE)
    if armed.origin is not None:
        url = moved(url, armed.origin)
    hints = urlencode({"iss": call.node.settings.public_url, "login_hint": grant.id})
    return Launched(url=f"{url}?{hints}", armed_until=armed.armed_until, origin=armed.origin)


def _with_token(
    call: Call[None, NoQuery],
    unit: Unit,
    grant: Grant,
    application: Application,
    who: OperatorAtBrowser,
) -> Launched | Denied:
    """Put a token into the app's address, where the application's hand-off says so.

    :raises Conflict: when the application has no address.
    """
    hand_off = call.node.wires.hand_off_of(application)
    handed = hand_over(unit, grant.id, kind=hand_off.kind, who=who, origin=call.origin)
    if isinstance(handed, Denied):
        return handed
    if hand_off.address is None or not application.settings.redirect_urls:
        raise Conflict(_NOWHERE)
    redirect_url = return_addresses(application.settings.redirect_urls, handed.grant.origin)[0]
    url = hand_off.address(application, redirect_url, handed.token.token)
    return Launched(url=url, armed_until=handed.token.expires_at, origin=handed.grant.origin)


def _filter(call: Call[None, GrantsQuery], reader: Reader) -> GrantFilter | None:
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
    return GrantFilter(
        application_id=people.application_id,
        actor_ref=people.actor_ref,
        subject_ref=people.subject_ref,
        statuses=frozenset(query.status),
    )


def _require_reader(grant: Grant, principal: Principal) -> None:
    if not isinstance(principal, OperatorPrincipal) or grant.actor.ref == principal.id:
        return
    if not principal.may(Permission.GRANTS_READ):
        raise NotFound


def _require_canceller(grant: Grant, who: OperatorPrincipal) -> None:
    if grant.actor.ref == who.id or who.may(Permission.SESSIONS_REVOKE):
        return
    if not who.may(Permission.GRANTS_READ):
        raise NotFound
    raise PermissionMissing("Only its actor, or somebody who may revoke, can cancel a grant.")


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/grants",
        operation="list_grants",
        summary="Grants, newest first",
        tag=_TAG,
        access=_READ,
        handler=list_grants,
        query=GrantsQuery,
        answers=answers(Listed[GrantAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        operation="get_grant",
        summary="One grant",
        tag=_TAG,
        access=SIGNED_IN_OR_APPLICATION,
        handler=get_grant,
        answers=answers(GrantAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/cancel",
        operation="cancel_grant",
        ends=True,
        summary="Withdraw a grant; its session ends with it",
        description="For its actor, for its application, and for operators who may revoke.",
        tag=_TAG,
        access=SIGNED_IN_OR_APPLICATION,
        handler=cancel_grant,
        answers=answers(GrantAnswer),
        problems=(NotFound, PermissionMissing),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/launch",
        operation="launch_grant",
        summary="Open the app as the user",
        description=(
            "Arms one's own grant for 60 seconds in this browser session; by the hand-off `stytch` "
            "the address holds a token that works once within 5 minutes. Asked with a form, it "
            "answers a page that moves on by itself: a redirect would be subject to the "
            "`form-action` of the page that holds the form."
        ),
        tag=_TAG,
        access=SIGNED_IN,
        handler=launch_grant,
        form=True,
        answers=(
            *answers(Launched, description="For requests without a form."),
            Answered(media=("text/html",), description="For a form: moves on to the app."),
        ),
        problems=(NotFound, Refused, RecentSignInRequired, Conflict),
        rate=RateClass.WRITE,
    ),
)
