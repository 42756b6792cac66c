"""The steps of signing in that need a password checked, which takes long and holds no lock."""

from __future__ import annotations

from typing import Any

from understudy.core.people.permissions import permissions_of
from understudy.errors import InvalidInput, NotSignedIn, TooManyRequests
from understudy.flows.people import sign_in
from understudy.flows.people.sign_in import SignedIn
from understudy.http.call import Call
from understudy.http.cookies import set_operator_cookie
from understudy.http.query import NoQuery
from understudy.http.reply import Reply
from understudy.wires.native import passwords
from understudy.wires.native.schemas.operators import ChangePassword, Me, SignIn

_WRONG = "That e-mail address and password do not match."


async def sign_in_operator(call: Call[SignIn, NoQuery]) -> SignedIn:
    """A fresh sign-in.

    :raises NotSignedIn: wrong address or password, which look and take the same.
    :raises TooManyRequests: the address is locked for a while, whether it exists or not.
    """
    body, engine = call.body, call.node.engine
    attempt = await call.read(
        lambda reader: sign_in.look_up(reader, engine.vault, body.email, call.node.clock())
    )
    stored = attempt.operator.password_hash if attempt.operator else None
    right = await passwords.matches(body.password, stored)
    if attempt.locked_until is not None:
        wait = int((attempt.locked_until - call.node.clock()).total_seconds()) + 1
        raise TooManyRequests(
            "Too many wrong passwords for this address. Wait, then try again.",
            facts={"retry_after_seconds": max(1, wait)},
        )
    operator = attempt.operator
    begun = None
    if right and operator is not None:
        begun = await call.run(lambda unit: sign_in.signed_in(unit, operator, origin=call.origin))
    if begun is None:
        await call.run(lambda unit: sign_in.sign_in_failed(unit, body.email, origin=call.origin))
        raise NotSignedIn(_WRONG)
    return begun


async def change_own_password(call: Call[ChangePassword, NoQuery]) -> SignedIn:
    """A fresh sign-in under the new password; all others end.

    :raises InvalidInput: the present password was wrong, or the new one is no good.
    """
    operator, body = call.operator.operator, call.body
    if not await passwords.matches(body.current_password, operator.password_hash):
        await call.run(
            lambda unit: sign_in.sign_in_failed(unit, operator.email, origin=call.origin)
        )
        raise InvalidInput(
            "Your present password is another one.", facts={"field": "current_password"}
        )
    hashed = await passwords.hashed(body.new_password)
    return await call.run_ending(
        lambda unit: sign_in.change_password(
            unit, operator, password_hash=hashed, origin=call.origin
        )
    )


def welcome(call: Call[Any, NoQuery], begun: SignedIn) -> Reply:
    """Who is signed in now, with the cookie that says so."""
    cookie = set_operator_cookie(
        begun.token, expires_at=begun.session.expires_at, now=call.node.clock()
    )
    return Reply(answer=me(begun), headers={"set-cookie": cookie})


def me(begun: SignedIn) -> Me:
    """The operator, and what they may do."""
    operator = begun.operator
    return Me(
        id=operator.id,
        email=operator.email,
        name=operator.name,
        roles=sorted(operator.roles),
        permissions=sorted(permissions_of(operator.roles)),
        session_expires_at=begun.session.expires_at,
    )
