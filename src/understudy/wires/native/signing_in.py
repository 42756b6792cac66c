"""The steps of signing in that need a password checked, which takes long and holds no lock."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from understudy.core.people.permissions import permissions_of
from understudy.errors import InvalidInput, NotFound, NotSignedIn, TooManyRequests, Unavailable
from understudy.flows.people import sign_in, staff
from understudy.flows.people.lock import knows, locked_for, locked_for_staff, locked_until
from understudy.flows.people.sign_in import SignedIn
from understudy.http.call import Call
from understudy.http.cookies import device_token, set_device_cookie, set_operator_cookie
from understudy.http.presence import recent_sign_in_until
from understudy.http.principal import OperatorPrincipal
from understudy.http.query import NoQuery
from understudy.http.rate_limits import RateClass
from understudy.http.reply import Reply
from understudy.http.staffing import PasswordCheck, arrival
from understudy.last_resort import LastResort
from understudy.wires.native import passwords
from understudy.wires.native.schemas.operators import (
    ChangePassword,
    ConfirmPassword,
    Me,
    SignIn,
)

_TOO_MANY = "Too many wrong passwords. Wait, then try again."
_WRONG = "That e-mail address and password do not match."
_logger = logging.getLogger("understudy")


async def sign_in_operator(call: Call[SignIn, NoQuery]) -> SignedIn:
    """A fresh sign-in.

    :raises NotSignedIn: wrong address or password, which look and take the same.
    :raises TooManyRequests: the address is locked for a while, whether it exists or not; or too
        much is tried from here.
    """
    body, vault = call.body, call.node.engine.vault
    device = device_token(call.headers)
    # A browser that is known is counted by itself: others behind its address cannot use it up.
    known = device if knows(vault, body.email, device) else None
    call.node.rate_limits.count(RateClass.SIGN_IN, known or call.incoming.address or "")
    attempt = await call.read(
        lambda reader: sign_in.look_up(
            reader, vault, body.email, call.node.clock.earliest(), device=known
        )
    )
    stored = attempt.operator.password_hash if attempt.operator else None
    right = await passwords.matches(body.password, stored)
    _require_open(call, attempt.locked_until)
    operator = attempt.operator
    begun = None
    if right and operator is not None:
        begun = await call.run(
            lambda unit: sign_in.signed_in(unit, operator, origin=call.origin, device=known)
        )
    if begun is None:
        await call.run(
            lambda unit: sign_in.sign_in_failed(unit, body.email, origin=call.origin, device=known)
        )
        raise NotSignedIn(_WRONG)
    return begun


async def change_own_password(call: Call[ChangePassword, NoQuery]) -> SignedIn:
    """A fresh sign-in under the new password; all others end.

    :raises InvalidInput: the present password was wrong, or the new one is no good.
    :raises TooManyRequests: too many wrong ones were tried in this sign-in.
    """
    who, body = call.operator, call.body
    operator, key = who.operator, locked_for(call.node.engine.vault, who.session.id)
    failures = await call.read(lambda reader: reader.sign_in_failures.get(key))
    right = await passwords.matches(body.current_password, operator.password_hash)
    _require_open(call, locked_until(failures, call.node.clock.earliest()))
    if not right:
        await call.run(
            lambda unit: sign_in.present_password_failed(
                unit, operator, who.session, origin=call.origin
            )
        )
        raise InvalidInput(
            "Your present password is another one.", facts={"field": "current_password"}
        )
    hashed = await passwords.hashed(body.new_password, (operator.email, operator.name))
    return await call.run_ending(
        lambda unit: sign_in.change_password(
            unit, operator, password_hash=hashed, origin=call.origin
        )
    )


async def confirm_in_app(call: Call[ConfirmPassword, NoQuery]) -> OperatorPrincipal:
    """The operator, whose password in the app was right just now.

    :raises NotFound: no app signs them in, or it checks no passwords.
    :raises InvalidInput: it is another one.
    :raises TooManyRequests: too many wrong ones were tried by them.
    :raises Unavailable: the app did not say.
    """
    node, who = call.node, call.operator
    said = None if node.staffing is None else arrival(node.staffing, call.incoming.scope)
    if said is None or said.check_password is None:
        raise NotFound
    operator, session = who.operator, who.session
    key = locked_for_staff(node.engine.vault, operator.id)
    failures = await call.read(lambda reader: reader.sign_in_failures.get(key))
    # Before the app is asked, whose own limits are not to be used up by what is refused anyway.
    _require_open(call, locked_until(failures, node.clock.earliest()))
    if not await _is_right(said.check_password, call.body.password):
        await call.run(lambda unit: staff.confirming_failed(unit, operator, origin=call.origin))
        raise InvalidInput("Your password in the app is another one.", facts={"field": "password"})
    confirmed = await call.run(
        lambda unit: staff.confirmed(unit, operator, session, origin=call.origin)
    )
    if confirmed is None:
        raise TooManyRequests(_TOO_MANY, facts={"retry_after_seconds": 1})
    return OperatorPrincipal(operator=operator, session=confirmed)


async def _is_right(check: PasswordCheck, password: str) -> bool:
    # The class of the error alone: its words are the app's, and may hold the password.
    with LastResort(_logger, "check_password raised", action="check_password", name_only=True):
        return await check(password)
    raise Unavailable("The app cannot check your password. Try again shortly.")


def welcome(call: Call[Any, NoQuery], begun: SignedIn) -> Reply:
    """Who is signed in now, with the cookie that says so, and the one that tells the browser."""
    session = begun.session
    who = OperatorPrincipal(operator=begun.operator, session=session)
    cookie = set_operator_cookie(begun.token, expires_at=session.expires_at, now=call.node.clock())
    return Reply(answer=me(call, who), cookies=[cookie, set_device_cookie(begun.device)])


def me(call: Call[Any, NoQuery], who: OperatorPrincipal) -> Me:
    """The operator, what they may do, and how they are signed in."""
    node, operator = call.node, who.operator
    said = None if node.staffing is None else arrival(node.staffing, call.incoming.scope)
    return Me(
        id=operator.id,
        email=operator.email,
        name=operator.name,
        roles=sorted(operator.roles),
        permissions=sorted(permissions_of(operator.roles)),
        session_expires_at=who.session.expires_at,
        signed_in_by="password" if said is None else "app",
        recent_sign_in_until=recent_sign_in_until(node, call.incoming, who),
        confirms_password=said is not None and said.check_password is not None,
        sign_in_at=None if said is None else said.sign_in_at,
    )


def _require_open(call: Call[Any, NoQuery], locked: datetime | None) -> None:
    if locked is None:
        return
    wait = int((locked - call.node.clock.earliest()).total_seconds()) + 1
    raise TooManyRequests(_TOO_MANY, facts={"retry_after_seconds": max(1, wait)})
