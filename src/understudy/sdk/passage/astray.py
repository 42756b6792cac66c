"""Requests at a place where they have no business, told by Host, Origin and Referer alone.

Labels and the app's own host are one site to browsers: what a page of a session sends to the app's
own host carries the agent's cookies, Strict ones too.
"""

from __future__ import annotations

from http import HTTPStatus

from understudy.sdk.cache import Ended, Held
from understudy.sdk.guard import Pass, Refuse
from understudy.sdk.page_judge import OF_ANOTHER
from understudy.sdk.passage.request import Request
from understudy.sdk.place import OWN_HOST, Nowhere, Place, Places, SessionOrigin
from understudy.sdk.visit import Answer, see_other, wants_page

NOT_HERE = Refuse(HTTPStatus.NOT_FOUND, "not_found")
_UNKNOWN = Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=Ended(cause=None))
_ANOTHER_ORIGIN = Refuse(HTTPStatus.FORBIDDEN, "another_origin")
_OF_ANOTHER_SESSION = Refuse(HTTPStatus.CONFLICT, OF_ANOTHER)
_NO_WORKERS = Refuse(HTTPStatus.FORBIDDEN, "service_worker_refused")

Settled = Pass | Held | Refuse


def astray(request: Request, place: Place, places: Places) -> Answer | Refuse | None:
    """Why a request goes no further, before any cookie is looked at."""
    headers = request.headers
    if isinstance(place, Nowhere):
        return NOT_HERE
    if isinstance(place, SessionOrigin):
        # A worker would answer for the origin when its session is over.
        return _NO_WORKERS if headers.get("service-worker") == "script" else None
    if places.of_address(headers.get("origin")) is not OWN_HOST:
        return _OF_ANOTHER_SESSION
    came_from = places.of_address(headers.get("referer"))
    if isinstance(came_from, SessionOrigin) and _is_led_here(request):
        return _led_back(request, came_from)
    return None


def at_place(verdict: Settled, place: Place) -> Settled:
    """``verdict`` on the cookies, held to the place to which its session is bound."""
    here = place.origin if isinstance(place, SessionOrigin) else None
    held = verdict.held if isinstance(verdict, Refuse) else verdict
    if isinstance(held, Held) and held.session.origin != here:
        # Told apart only on the app's own host: a label says of no other session that there is one.
        return _ANOTHER_ORIGIN if here is None else _UNKNOWN
    return _UNKNOWN if isinstance(verdict, Pass) and here is not None else verdict


def _is_led_here(request: Request) -> bool:
    # A page as a whole: what else a page asks of another host has an Origin, or is a picture.
    destination = request.headers.get("sec-fetch-dest", "document")
    return request.method == "GET" and destination == "document" and wants_page(request.headers)


def _led_back(request: Request, place: SessionOrigin) -> Answer:
    return see_other(place.origin + request.target)
