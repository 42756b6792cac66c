"""Signing in and out, one's own account, set-up and invitations."""

from __future__ import annotations

from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.people.permissions import ROLE_PERMISSIONS, Role
from understudy.core.ports import Reader, Unit
from understudy.errors import Conflict, NotFound, TokenInvalid, TooManyRequests
from understudy.flows.people import set_up as first_admin
from understudy.flows.people import sign_in as signing
from understudy.flows.people import team
from understudy.flows.people.sign_in import SignedIn
from understudy.http.access import PUBLIC, SIGNED_IN
from understudy.http.call import Call
from understudy.http.cookies import clear_operator_cookie
from understudy.http.endpoint import API, NOTHING, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.reply import Reply
from understudy.http.shapes import Listed
from understudy.wires.native import passwords
from understudy.wires.native.schemas.operators import (
    AcceptInvitation,
    ChangePassword,
    ConfirmPassword,
    InspectInvitation,
    InvitationAnswer,
    Me,
    RoleAnswer,
    SetUp,
    SignIn,
)
from understudy.wires.native.signing_in import (
    change_own_password,
    confirm_in_app,
    me,
    sign_in_operator,
    welcome,
)

_TAG = "account"
_COOKIE = "Sets the cookie `__Host-understudy-operator`."


async def sign_in(call: Call[SignIn, NoQuery]) -> Reply:
    """Sign in; answers who it is, with the cookie."""
    return welcome(call, await sign_in_operator(call))


async def sign_out(call: Call[None, NoQuery]) -> Reply:
    """End this browser's sign-in."""
    who = call.operator
    await call.run(
        lambda unit: signing.sign_out(unit, who.operator, who.session, origin=call.origin)
    )
    return Reply(cookies=[clear_operator_cookie()])


async def sign_out_everywhere(call: Call[None, NoQuery]) -> Reply:
    """End all of the operator's sign-ins, and the sessions they have going."""
    operator = call.operator.operator
    await call.run_ending(
        lambda unit: signing.sign_out_everywhere(
            unit, operator, by=operator.party, origin=call.origin
        )
    )
    return Reply(cookies=[clear_operator_cookie()])


async def get_me(call: Call[None, NoQuery]) -> Me:
    """Who is signed in."""
    return me(call, call.operator)


async def confirm_password(call: Call[ConfirmPassword, NoQuery]) -> Me:
    """The same sign-in, as good as a fresh one."""
    return me(call, await confirm_in_app(call))


async def change_password(call: Call[ChangePassword, NoQuery]) -> Reply:
    """Another password, and a fresh sign-in."""
    return welcome(call, await change_own_password(call))


async def set_up(call: Call[SetUp, NoQuery]) -> Reply:
    """The first admin."""
    body = call.body
    await call.read(
        lambda reader: first_admin.offered_until(reader, body.token, call.node.clock.latest())
    )
    hashed = await passwords.hashed(body.password, (body.email, body.name))

    def flow(unit: Unit) -> SignedIn:
        session_id = unit.new_id(IdPrefix.OPERATOR_SESSION)
        admin = first_admin.set_up(
            unit,
            body.token,
            email=body.email,
            name=body.name,
            password_hash=hashed,
            origin=call.origin,
            sign_in=session_id,
        )
        return signing.begin(unit, admin, origin=call.origin, session_id=session_id)

    return welcome(call, await call.run(flow))


async def inspect_invitation(call: Call[InspectInvitation, NoQuery]) -> InvitationAnswer:
    """Whom a link is for."""
    token, now = call.body.token, call.node.clock.latest()

    def look_up(reader: Reader) -> InvitationAnswer:
        if not reader.operators.list():
            until = first_admin.offered_until(reader, token, now)
            return InvitationAnswer(kind="setup", email=None, name=None, expires_at=until)
        invitation, operator = team.invited(reader, token, now)
        return InvitationAnswer(
            kind="operator",
            email=operator.email,
            name=operator.name,
            expires_at=invitation.expires_at,
        )

    return await call.read(look_up)


async def accept_invitation(call: Call[AcceptInvitation, NoQuery]) -> Reply:
    """Name and password of an invited operator, and a first sign-in."""
    body = call.body
    _, invited = await call.read(
        lambda reader: team.invited(reader, body.token, call.node.clock.latest())
    )
    hashed = await passwords.hashed(body.password, (invited.email, body.name))

    def flow(unit: Unit) -> SignedIn:
        session_id = unit.new_id(IdPrefix.OPERATOR_SESSION)
        operator = team.join(
            unit,
            body.token,
            name=body.name,
            password_hash=hashed,
            origin=call.origin,
            sign_in=session_id,
        )
        return signing.begin(unit, operator, origin=call.origin, session_id=session_id)

    return welcome(call, await call.run(flow))


async def list_roles(call: Call[None, NoQuery]) -> Listed[RoleAnswer]:
    """The table of roles and permissions."""
    items = [RoleAnswer(role=role, permissions=sorted(ROLE_PERMISSIONS[role])) for role in Role]
    return Listed(items=items, next_cursor=None)


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=f"{API}/sign-in",
        operation="sign_in",
        own_accounts=True,
        summary="Sign in to the dashboard",
        description=f"{_COOKIE} Wrong e-mail and wrong password look the same.",
        tag=_TAG,
        access=PUBLIC,
        handler=sign_in,
        body=Body(type=SignIn),
        answers=answers(Me, description=_COOKIE),
        problems=(TokenInvalid, TooManyRequests),
        rate=RateClass.SIGN_IN,
        counts_itself=True,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/sign-out",
        operation="sign_out",
        summary="Sign out of this browser",
        tag=_TAG,
        access=SIGNED_IN,
        handler=sign_out,
        answers=(NOTHING,),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/sign-out-everywhere",
        operation="sign_out_everywhere",
        ends=True,
        summary="Sign out of every browser",
        tag=_TAG,
        access=SIGNED_IN,
        handler=sign_out_everywhere,
        answers=(NOTHING,),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="GET",
        path=f"{API}/me",
        operation="get_me",
        summary="Who is signed in, and what they may do",
        tag=_TAG,
        access=SIGNED_IN,
        handler=get_me,
        answers=answers(Me),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/me/confirm",
        operation="confirm_password",
        summary="Say the password of the app again",
        description=(
            "Where an app signs operators in and checks passwords. For a while they may begin to "
            "work as a user then, as after signing in."
        ),
        tag=_TAG,
        access=SIGNED_IN,
        handler=confirm_password,
        body=Body(type=ConfirmPassword),
        answers=answers(Me),
        problems=(NotFound, TooManyRequests),
        rate=RateClass.SIGN_IN,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/me/password",
        operation="change_password",
        own_accounts=True,
        summary="Choose another password",
        description=f"Signs the operator out everywhere else. {_COOKIE}",
        tag=_TAG,
        access=SIGNED_IN,
        handler=change_password,
        body=Body(type=ChangePassword),
        answers=answers(Me, description=_COOKIE),
        rate=RateClass.SIGN_IN,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/setup",
        operation="set_up",
        own_accounts=True,
        summary="Create the first admin",
        description="Works once, with the token of the link that the first start printed.",
        tag=_TAG,
        access=PUBLIC,
        handler=set_up,
        body=Body(type=SetUp),
        answers=answers(Me, description=_COOKIE),
        problems=(TokenInvalid, Conflict),
        rate=RateClass.SIGN_IN,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/invitations/inspect",
        operation="inspect_invitation",
        own_accounts=True,
        summary="Whom a link is for",
        tag=_TAG,
        access=PUBLIC,
        handler=inspect_invitation,
        body=Body(type=InspectInvitation),
        answers=answers(InvitationAnswer),
        problems=(TokenInvalid, NotFound),
        rate=RateClass.SIGN_IN,
    ),
    Endpoint(
        method="POST",
        path=f"{API}/invitations/accept",
        operation="accept_invitation",
        own_accounts=True,
        summary="Accept an invitation",
        tag=_TAG,
        access=PUBLIC,
        handler=accept_invitation,
        body=Body(type=AcceptInvitation),
        answers=answers(Me, description=_COOKIE),
        problems=(TokenInvalid,),
        rate=RateClass.SIGN_IN,
    ),
    Endpoint(
        method="GET",
        path=f"{API}/roles",
        operation="list_roles",
        summary="Every role and what it includes",
        tag=_TAG,
        access=SIGNED_IN,
        handler=list_roles,
        answers=answers(Listed[RoleAnswer]),
    ),
)
