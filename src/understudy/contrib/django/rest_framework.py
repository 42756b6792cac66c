"""Django REST framework in a session: who is served, who may not ask, and whose calls count.

Session authentication finds the subject by itself. A token beside a session is refused before the
app is called, or taken out below ``bearer_paths``; there ``ImpersonationAuthentication`` says who
is served in its place.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.throttling import UserRateThrottle as UserRate

from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.context import current_impersonation
from understudy.sdk.forbidding import refuse_while_impersonating

if TYPE_CHECKING:
    # Which imports the classes that the settings name, and so this module.
    from rest_framework.views import APIView


class ImpersonationAuthentication(BaseAuthentication):  # type: ignore[misc]
    """Serves the subject in a session, and leaves everybody else to the classes behind it.

    It stands first among an API's authentication classes. It asks for no CSRF token, as pages that
    send a token of their own have none: what a session sends is marked by its page, and what comes
    from elsewhere has been turned away before.
    """

    def authenticate(self, request: Request) -> tuple[object, None] | None:
        """The subject's user, and no token: the agent's own must not lend its rights."""
        if current_impersonation() is None:
            return None
        return request._request.user, None

    def authenticate_header(self, request: Request) -> str | None:
        """The challenge of the class behind it: DRF lets the first decide between 401 and 403."""
        for other in request.authenticators:
            if not isinstance(other, ImpersonationAuthentication):
                challenge: str | None = other.authenticate_header(request)
                return challenge
        return None


class NotWhileImpersonating(BasePermission):  # type: ignore[misc]
    """Lets nobody but the user themself in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Always, but in a session.

        :raises PermissionDenied: the request is impersonated; its code is ours.
        """
        del view
        _refuse(request)
        return True


class ReadOnlyWhileImpersonating(BasePermission):  # type: ignore[misc]
    """Lets actors read, and refuses what would change something by its method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Always, but for unsafe methods in a session.

        :raises PermissionDenied: the request is impersonated; its code is ours.
        """
        del view
        if (request.method or "").upper() not in SAFE_METHODS:
            _refuse(request)
        return True


class ActorThrottleMixin:
    """Counts an actor's calls as the actor's, whomever they work as.

    So support can neither use up what a user is allowed, nor get more by each further session. It
    stands before a throttle of DRF's.
    """

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """The actor's own in a session, else as ever."""
        key: str | None = super().get_cache_key(request, view)  # type: ignore[misc]
        impersonation = current_impersonation()
        if key is None or impersonation is None:
            return key
        # Ids may hold what keys of memcached may not.
        actor = hashlib.sha256(impersonation.actor.id.encode()).hexdigest()
        cache_format: str = SimpleRateThrottle.cache_format
        return cache_format % {"scope": getattr(self, "scope", None), "ident": f"actor-{actor}"}


class UserRateThrottle(ActorThrottleMixin, UserRate):  # type: ignore[misc]
    """DRF's own of that name, which counts an actor's calls as the actor's."""


def _refuse(request: Request) -> None:
    try:
        refuse_while_impersonating(request._request)
    except ForbiddenWhileImpersonating as error:
        raise PermissionDenied(error.detail, error.code) from None
