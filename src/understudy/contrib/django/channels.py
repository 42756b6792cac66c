"""Channels in a session: consumers find the subject in ``scope["user"]``.

HTTP goes by the middleware of Django; live connections by the one of ASGI, set up alike::

    from understudy.contrib.asgi import UnderstudyMiddleware
    from understudy.contrib.django.channels import AuthMiddlewareStack, guard_options

    sockets = AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
    guarded = UnderstudyMiddleware(sockets, **guard_options())
    application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": guarded})
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any

from channels import auth
from channels.sessions import CookieMiddleware, SessionMiddleware
from django.utils.functional import SimpleLazyObject

from understudy.contrib.django.conf import setup
from understudy.sdk.asked_by import PINNED
from understudy.sdk.context import Impersonation, current_impersonation

App = Callable[..., Any]
_OF_HTTP = frozenset({"staff", "may_start", "home_of", "consent_of"})


def guard_options() -> dict[str, Any]:
    """The arguments of ``understudy.contrib.asgi.UnderstudyMiddleware``, by the settings.

    :raises SetupError: the settings are missing or malformed.
    """
    found = setup()
    # Nothing starts over a live connection, and these are asked with Django's own requests.
    options = {name: value for name, value in found.options.items() if name not in _OF_HTTP}
    return {
        **options,
        "understudy": found.installed.understudy,
        "load_user": found.load_user,
        "user_id": found.user_id,
    }


class AuthMiddleware(auth.AuthMiddleware):  # type: ignore[misc]
    """Channels' own, which never looks at the agent's session while it serves the subject.

    Channels deletes a session that it does not take for valid any more, as after a change of keys.
    """

    async def resolve_scope(self, scope: MutableMapping[str, Any]) -> None:
        """Let ``scope["user"]`` be the subject, or whoever is signed in."""
        # Not asked for by way of the SDK, which takes that for the app's own question.
        if not isinstance(scope.get(PINNED), Impersonation):
            await super().resolve_scope(scope)
            return
        from django.contrib.auth.models import AnonymousUser

        user = scope["user"]
        # Where nobody is laid over the connection, nobody is signed in.
        found = AnonymousUser() if isinstance(user, auth.UserLazyObject) else user
        scope["user"] = SimpleLazyObject(partial(_asked_for, found))


def AuthMiddlewareStack(inner: App) -> App:
    """Channels' own stack of that name, with our ``AuthMiddleware``."""
    stack: App = CookieMiddleware(SessionMiddleware(AuthMiddleware(inner)))
    return stack


def _asked_for(user: object) -> object:
    # Channels copies the scope, in which it would have been noted that the app asks whom it serves.
    current_impersonation()
    return user
