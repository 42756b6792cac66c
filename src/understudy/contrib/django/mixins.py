"""Keeps actors out of class-based views, by inheritance."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from understudy.contrib.django.decorators import refuse, refuse_changes


class ForbidWhileImpersonatingMixin:
    """Keeps actors out of a view.

    It stands first among the bases, as Django's own mixins do::

    class ChangePassword(ForbidWhileImpersonatingMixin, LoginRequiredMixin, FormView): ...
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """As ever, for nobody but the user themself.

        :raises ForbiddenView: the request is impersonated.
        """
        refuse(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class ReadOnlyWhileImpersonatingMixin:
    """Lets actors look at a view, and refuses what would change something by its method."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """As ever, but for an actor's unsafe methods.

        :raises ForbiddenView: the request is impersonated.
        """
        refuse_changes(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
