"""The dashboard as a view of Django's, for ``understudy.contrib.django.urls``."""

from __future__ import annotations

from contextlib import nullcontext
from functools import lru_cache
from math import inf

from django.db.transaction import non_atomic_requests
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

from understudy.contrib.django.conf import installed
from understudy.contrib.django.responses import put_headers
from understudy.contrib.django.words import read_scope
from understudy.embedded.mount.dashboard import Asked, Dashboard
from understudy.embedded.mount.reading import body_of
from understudy.embedded.mount.served import AsyncRest, Served
from understudy.embedded.mount.streams import most_held
from understudy.sdk.understudy import Understudy


# The service knows pages of other sites by itself, as by Django's token its own would need one. And
# nothing of the site's database is to be held open for as long as an answer takes.
@csrf_exempt  # type: ignore[untyped-decorator]
@non_atomic_requests  # type: ignore[untyped-decorator]
def dashboard(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Answer a request below the mount; ``rest`` is its path from there, without the slash."""
    is_async = hasattr(request, "scope")
    asked = Asked(
        scope=read_scope(request),
        rest=f"/{rest}",
        read=body_of(request.META, request),
        asking=lambda: nullcontext(request),
        # Under ASGI a stream takes no thread.
        streams=inf if is_async else most_held(has_threads=_has_threads(request)),
    )
    return _response(_dashboard(installed().understudy).serve(asked), is_async=is_async)


@lru_cache(maxsize=1)  # tests change the settings, and with them the link
def _dashboard(understudy: Understudy) -> Dashboard:
    return Dashboard(understudy)


def _has_threads(request: HttpRequest) -> bool:
    return bool(request.META.get("wsgi.multithread"))


def _response(answer: Served, *, is_async: bool) -> HttpResponseBase:
    response: HttpResponseBase
    if answer.rest is None:
        response = HttpResponse(answer.content, status=answer.status)
    else:
        body = AsyncRest(answer.rest) if is_async else answer.rest
        response = StreamingHttpResponse(body, status=answer.status)
    put_headers(response, answer.headers)
    return response
