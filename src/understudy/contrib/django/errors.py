"""Our refusals as Django's own, which become a 403 wherever they are raised."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from understudy.errors import ForbiddenWhileImpersonating, WriteBlocked


class NobodyToServe(PermissionDenied):  # type: ignore[misc]  # Django has no types
    """The app has no user for the session's subject, and must not serve the agent instead."""


class SignInRefused(ForbiddenWhileImpersonating, PermissionDenied):  # type: ignore[misc]  # as above
    """Nobody signs in, in a session: whoever works as somebody else must not become them."""


class WriteRefused(WriteBlocked, PermissionDenied):  # type: ignore[misc]  # as above
    """This session may only read, and answering would have changed something."""
