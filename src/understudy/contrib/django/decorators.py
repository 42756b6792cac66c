"""Keeps actors out of Django's views, with Django's own 403."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator

from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.forbidding import refuse_while_impersonating

V = TypeVar("V", bound=Callable[..., Any])
Check = Callable[[HttpRequest], None]


class ForbiddenView(ForbiddenWhileImpersonating, PermissionDenied):  # type: ignore[misc]
    """This cannot be done while impersonating. Only the user themself may."""

    # Django answers 403 to its own errors only, wherever they are raised; ours would be a 500 in a
    # request that our middleware has not seen.


def refuse(*arguments: object) -> None:
    """Do nothing, unless the present request is impersonated, or may be.

    :raises ForbiddenView: it is.
    """
    try:
        refuse_while_impersonating(*arguments)
    except ForbiddenWhileImpersonating:
        raise ForbiddenView from None


def refuse_changes(request: HttpRequest) -> None:
    """As ``refuse``, for what changes something by its method (RFC 9110, section 9.2.1).

    :raises ForbiddenView: it does, in an impersonated request.
    """
    if (request.method or "").upper() not in SAFE_METHODS:
        refuse(request)


def forbid_while_impersonating(view: V) -> V:
    """Keep actors out of a view that only the user themself may use.

    For functions, plain and async, and for class-based views::

        @forbid_while_impersonating
        def change_password(request): ...

        @forbid_while_impersonating
        class ChangePassword(FormView): ...

    The answer is 403 with the code ``forbidden_while_impersonating``, and the log has it as
    blocked.
    """
    return _guarded(view, refuse)


def read_only_while_impersonating(view: V) -> V:
    """Let actors look at a view, and refuse what would change something by its method."""
    return _guarded(view, refuse_changes)


def _guarded(view: V, check: Check) -> V:
    if isinstance(view, type):
        # For every method that the class answers, as all of them come by there.
        decorated = method_decorator(lambda inner: _guarded(inner, check), name="dispatch")(view)
        return cast("V", decorated)
    return cast("V", _async_view(view, check) if iscoroutinefunction(view) else _view(view, check))


def _view(view: Callable[..., Any], check: Check) -> Callable[..., Any]:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        check(request)
        return view(request, *args, **kwargs)

    return guarded


def _async_view(view: Callable[..., Any], check: Check) -> Callable[..., Any]:
    @functools.wraps(view)
    async def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        check(request)
        return await view(request, *args, **kwargs)

    return guarded
