"""django-easy-audit: events that a session causes hold its ids, and tell the subject's requests.

::

    DJANGO_EASY_AUDIT_LOGGING_BACKEND = "understudy.contrib.django.audit.easyaudit.ActorBackend"
    # in MIDDLEWARE, in place of easyaudit.middleware.easyaudit.EasyAuditMiddleware
    "understudy.contrib.django.audit.easyaudit.RequestMiddleware",

The backend puts ``session_id``, ``actor_id`` and ``subject_id`` as ``understudy`` into the first
object of ``CRUDEvent.object_json_repr``, where easy-audit itself puts what its tables have no room
for; ``CRUDEvent.user`` is the subject, and nobody in a job.

``RequestEvent`` is made as a request arrives, of the session cookie: for a request in a session it
would name the agent, or nobody, and it would keep what stands in our own addresses. So whatever
carries our name is recorded by the middleware, once it is known who is served: the subject, with
`` # actor opr_…, session ses_…`` behind the query string. What never gets there, as the guard
answers or refuses it, is no request of the app's.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.core.signals import request_started
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from easyaudit.backends import ModelBackend
from easyaudit.middleware.easyaudit import EasyAuditMiddleware

from understudy.contrib.django.audit.wording import KEY, in_words
from understudy.contrib.django.conf import setup
from understudy.sdk.attribution import current_attribution
from understudy.sdk.environ import may_be_ours

_EARLY = "easy_audit_signals_request_started"
"""Under which easy-audit has connected its own receiver."""
_LATE = "understudy.easyaudit"
"""Where a request holds what is still to be recorded of it."""


class ActorBackend(ModelBackend):  # type: ignore[misc]  # easy-audit has no types
    """Stores events as ever, and with the actor in a session."""

    def crud(self, crud_info: dict[str, Any]) -> object:
        """See easy-audit: one change of a row."""
        attribution = current_attribution()
        if attribution is not None:
            told = _with_ids(crud_info["object_json_repr"], attribution.ids())
            crud_info = {**crud_info, "object_json_repr": told}
        return super().crud(crud_info)

    def request(self, request_info: dict[str, Any]) -> object:
        """See easy-audit: one request."""
        attribution = current_attribution()
        if attribution is not None:
            query = _text(request_info["query_string"] or "")
            words = f"{query} # {in_words(attribution)}".lstrip()
            request_info = {**request_info, "query_string": words}
        return super().request(request_info)


class RequestMiddleware(EasyAuditMiddleware):  # type: ignore[misc]
    """Easy-audit's own, which also records the requests that say only here whose they are."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        if request_started.disconnect(dispatch_uid=_EARLY):
            request_started.connect(_begun, dispatch_uid=_LATE)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        """Answer one request."""
        if not iscoroutinefunction(self):
            _record(request)
        found: HttpResponse | Awaitable[HttpResponse] = super().__call__(request)
        return found

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        """The same beside an event loop."""
        if _LATE in _server_side(request):
            await sync_to_async(_record)(request)
        found: HttpResponse = await super().__acall__(request)
        return found


def _begun(
    sender: object,
    environ: dict[str, Any] | None = None,
    scope: dict[str, Any] | None = None,
    **_: object,
) -> None:
    """A request begins: record it as easy-audit does, or leave that to the middleware."""
    # Its receivers are not to be imported before the apps are loaded.
    from easyaudit.signals.request_signals import request_started_handler

    early = partial(request_started_handler, sender, environ=environ, scope=scope)
    held = environ or scope or {}
    if _is_ours(_told(held)):
        held[_LATE] = early
    else:
        early()


def _is_ours(told: Mapping[str, Any]) -> bool:
    found = setup()
    return found.installed.routes.prefix in told["PATH_INFO"] or may_be_ours(told, found.below)


def _told(held: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the browser says, in the words of WSGI as far as they are looked at."""
    if "PATH_INFO" in held:
        return held
    headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in held["headers"])
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers}
    query = _text(held.get("query_string", b""))
    return {**named, "PATH_INFO": held["path"], "QUERY_STRING": query}


def _text(query: bytes | str) -> str:
    # Servers have bytes; Django takes text as well, as its test client has it.
    return query.decode("latin-1") if isinstance(query, bytes) else query


def _server_side(request: HttpRequest) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(request, "scope", None) or request.META
    return found


def _record(request: HttpRequest) -> None:
    """Record what could not be as the request began."""
    early = _server_side(request).get(_LATE)
    if early is None:
        return
    if current_attribution() is None:
        early()
        return
    from easyaudit.settings import REMOTE_ADDR_HEADER
    from easyaudit.signals.request_signals import audit_logger, should_log_url

    if should_log_url(request.path_info):
        audit_logger.request(
            {
                "url": request.path_info,
                "method": request.method,
                "query_string": request.META.get("QUERY_STRING", ""),
                "user_id": getattr(getattr(request, "user", None), "pk", None),
                "remote_ip": request.META.get(REMOTE_ADDR_HEADER),
                "datetime": timezone.now(),
            }
        )


def _with_ids(told: str, ids: Mapping[str, str]) -> str:
    try:
        first, *others = json.loads(told)
    except ValueError:
        # Nothing was told of the row; who caused it is not to be lost by that.
        first, others = {}, []
    return json.dumps([{**first, KEY: ids}, *others])
