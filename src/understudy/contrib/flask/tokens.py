"""Flask-JWT-Extended under a session: a token is the subject's, or it opens nothing.

The guard sees what comes as ``Authorization``. Tokens come as cookies, in addresses, in bodies and
under headers of other names as well, and whom they name is served before whoever is signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from flask import Flask

from understudy.sdk.context import current_impersonation
from understudy.sdk.forbidding import refuse_while_impersonating

_COOKIES = {
    "JWT_ACCESS_COOKIE_NAME": "access_token_cookie",
    "JWT_REFRESH_COOKIE_NAME": "refresh_token_cookie",
    "JWT_ACCESS_CSRF_COOKIE_NAME": "csrf_access_token",
    "JWT_REFRESH_CSRF_COOKIE_NAME": "csrf_refresh_token",
}
Verifies = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]


class JWTManager(Protocol):
    """What of the extension's is used here."""

    _token_verification_callback: Verifies


def token_cookies(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The cookies in which the app keeps its tokens; none where it takes them from elsewhere."""
    if "cookies" not in (config.get("JWT_TOKEN_LOCATION") or ()):
        return ()
    return tuple(config.get(name, default) for name, default in _COOKIES.items())


def hold_tokens(app: Flask) -> None:
    """Let tokens open nothing in a session but what is the subject's; once for each app."""
    manager = cast("JWTManager | None", app.extensions.get("flask-jwt-extended"))
    if manager is not None and not isinstance(manager._token_verification_callback, SubjectsOwn):
        manager._token_verification_callback = SubjectsOwn(app, manager)


class SubjectsOwn:
    """In place of the app's own look at a token whose signature and time hold."""

    def __init__(self, app: Flask, manager: JWTManager) -> None:
        self._names = app.config["JWT_IDENTITY_CLAIM"]
        self._verifies = manager._token_verification_callback

    def __call__(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
        """What the app says of it.

        :raises ForbiddenWhileImpersonating: in a session, the token is somebody else's.
        """
        found = current_impersonation()
        if found is not None and str(claims.get(self._names)) != found.subject.id:
            refuse_while_impersonating()
        return self._verifies(header, claims)
