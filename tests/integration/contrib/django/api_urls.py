"""An API on Django REST framework, with each way to sign in that it is used with."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTAuthentication

from understudy import current_impersonation
from understudy.contrib.django.rest_framework import (
    ImpersonationAuthentication,
    NotWhileImpersonating,
    ReadOnlyWhileImpersonating,
    UserRateThrottle,
)


class Whose(APIView):  # type: ignore[misc]
    """Says whom it serves, and who asks."""

    authentication_classes: tuple[Any, ...] = (
        ImpersonationAuthentication,
        TokenAuthentication,
        JWTAuthentication,
        SessionAuthentication,
    )
    permission_classes: tuple[Any, ...] = (IsAuthenticated,)

    def get(self, request: Request) -> Response:
        found = current_impersonation()
        return Response(
            {
                "user": request.user.username,
                "by": found.actor.id if found else None,
                "auth": type(request.auth).__name__,
            }
        )

    post = get


class BySession(Whose):
    authentication_classes = (SessionAuthentication,)


class ByToken(Whose):
    authentication_classes = (TokenAuthentication, JWTAuthentication)


class OddJwt(JWTAuthentication):
    """Takes a token from a header that nobody else knows for one."""

    def get_header(self, request: Request) -> Any:
        given = request.META.get("HTTP_X_SHOP_TOKEN")
        return None if given is None else b"Bearer " + given.encode()


class ByOddJwt(Whose):
    authentication_classes = (OddJwt,)


class Forbidden(Whose):
    permission_classes = (IsAuthenticated, NotWhileImpersonating)


class LookedAt(Whose):
    permission_classes = (IsAuthenticated, ReadOnlyWhileImpersonating)


class Twice(UserRateThrottle):
    rate = "2/day"


class Counted(Whose):
    throttle_classes = (Twice,)


urlpatterns = [
    path("session", BySession.as_view()),
    path("token", ByToken.as_view()),
    path("api/any", Whose.as_view()),
    path("api/token", ByToken.as_view()),
    path("odd", ByOddJwt.as_view()),
    path("forbidden", Forbidden.as_view()),
    path("looked-at", LookedAt.as_view()),
    path("counted", Counted.as_view()),
]
