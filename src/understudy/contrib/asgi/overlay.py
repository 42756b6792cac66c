"""What an adapter's parts share for one request that carries a live session."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from understudy.contrib.asgi.identity import Identity, OverlaidScope
from understudy.contrib.asgi.types import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cache import Ended, Held
from understudy.sdk.context import Impersonation
from understudy.sdk.guard import Asked, Refuse
from understudy.sdk.headers import for_the_app
from understudy.sdk.routes import Routes
from understudy.sdk.runtime import Runtime
from understudy.sdk.secret import Secret
from understudy.sdk.unrecorded import Unrecorded

# With these a server sends files by itself, past the banner and past the end of the session.
_PAST_US = ("http.response.pathsend", "http.response.zerocopysend")


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlay:
    """A live session over a request, and what it takes to serve it."""

    runtime: Runtime
    routes: Routes
    identity: Identity
    held: Held
    token: Secret
    asked: Asked
    unrecorded: Unrecorded

    def not_applied(self) -> Refuse:
        """End the session, because the app would show somebody else."""
        cause = EndCause.IDENTITY_NOT_APPLIED
        self.runtime.end(self.held, cause)
        ended = Ended(cause=cause, session=self.held.session)
        return Refuse(HTTPStatus.UNAUTHORIZED, cause.value, ended=ended)


def overlaid(scope: Scope, impersonation: Impersonation, identity: Identity) -> OverlaidScope:
    """The scope in which the app sees the subject, and nothing that pretends to come from us."""
    extensions = dict(scope.get("extensions") or {})
    for name in _PAST_US:
        extensions.pop(name, None)
    state: dict[str, Any] = {**(scope.get("state") or {}), "understudy_user": impersonation.user}
    changed = {
        **scope,
        "headers": for_the_app(scope["headers"]),
        "state": state,
        "extensions": extensions,
    }
    pinned = {"understudy": impersonation, **identity.pinned(impersonation.user)}
    return OverlaidScope(changed, pinned)
