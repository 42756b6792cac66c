"""The sample app's own login, which Understudy leaves alone."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from understudy import current_impersonation
from understudy.demo.people import USERS, User

COOKIE = "harbor_session"
_TOKEN_BYTES = 24


class Accounts:
    """Users, and who is signed in; kept in memory. Every account has the demo's one password."""

    def __init__(
        self,
        *,
        password: str,
        users: Sequence[User] = USERS,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(_TOKEN_BYTES),
    ) -> None:
        self._password = password
        self._new_token = new_token
        self._by_id: Mapping[str, User] = {user.id: user for user in users}
        self._by_email: Mapping[str, User] = {user.email: user for user in users}
        self._signed_in: dict[str, str] = {}

    def load(self, user_id: str) -> User | None:
        """The user with that id."""
        return self._by_id.get(user_id)

    def own(self, request: Request) -> User | None:
        """Who is signed in with the app's own login, whatever is laid over it."""
        return self._by_id.get(self._signed_in.get(request.cookies.get(COOKIE, ""), ""))

    def effective(self, request: Request) -> User | None:
        """Whose view to show: the subject's while a session is laid over, else one's own."""
        impersonation = current_impersonation()
        if impersonation is not None:
            return self._by_id.get(impersonation.subject.id)
        return self.own(request)

    def sign_in(self, email: str, password: str) -> str | None:
        """A new session's token, or None."""
        user = self._by_email.get(email.strip().lower())
        right = hmac.compare_digest(password.encode(), self._password.encode())
        if user is None or not right:
            return None
        token = self._new_token()
        self._signed_in[token] = user.id
        return token

    def sign_out(self, request: Request) -> None:
        """Forget the session of this browser."""
        self._signed_in.pop(request.cookies.get(COOKIE, ""), None)


def set_cookie(response: Response, token: str) -> None:
    """Hand the app's own session to the browser."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", path="/")
