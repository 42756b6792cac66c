"""Requests at a place where they have no business, clause by clause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fixtures.impersonation import OPENED
from understudy.core.applications.session_origins import SessionOrigins
from understudy.sdk.cache import Held
from understudy.sdk.guard import PASS, UNAVAILABLE, Asked, Refuse
from understudy.sdk.passage.astray import Settled, astray, at_place
from understudy.sdk.passage.request import Request
from understudy.sdk.place import NOWHERE, OWN_HOST, Place, Places, SessionOrigin
from understudy.sdk.visit import Answer

PLACES = Places(SessionOrigins.parse("https://*.view.example"))
ONE, OTHER = (f"https://understudy-{letter * 26}.view.example" for letter in "ab")
PAGE = {"accept": "text/html", "sec-fetch-dest": "document"}


def asked(method: str = "GET", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(Asked(b"", (method,), ("/a",)), method, "/a", "", "", named, None, "b=c")


def code(turned: Answer | Refuse | None) -> str | None:
    return turned.code if isinstance(turned, Refuse) else None


def held(origin: str | None) -> Held:
    session = replace(OPENED.session, origin=origin)
    return Held(replace(OPENED, session=session), key=b"key", sent_at=0.0, generation=1)


def test_under_the_wildcard_nothing_but_labels_is_there() -> None:
    assert code(astray(asked(), NOWHERE, PLACES)) == "not_found"


def test_a_label_installs_no_service_worker_and_is_let_on_otherwise() -> None:
    worker = asked(service_worker="script")
    assert code(astray(worker, SessionOrigin(ONE), PLACES)) == "service_worker_refused"
    assert astray(asked(service_worker="x"), SessionOrigin(ONE), PLACES) is None
    assert astray(asked(origin=OTHER), SessionOrigin(ONE), PLACES) is None


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("origin", [ONE, "https://shop.view.example"])
def test_whatever_a_label_sends_to_the_apps_own_host_is_refused(method: str, origin: str) -> None:
    turned = astray(asked(method, origin=origin), OWN_HOST, PLACES)
    assert code(turned) == "page_of_another_session"


def test_a_link_leads_back_to_the_label_and_what_is_no_link_does_not() -> None:
    link = {**PAGE, "referer": f"{ONE}/x"}
    back = astray(asked()._replace(headers=link), OWN_HOST, PLACES)
    assert isinstance(back, Answer)
    assert dict(back.headers)["location"] == f"{ONE}/a?b=c"
    for changed in ({"sec-fetch-dest": "image"}, {"sec-fetch-dest": "iframe"}, {"referer": "x"}):
        request = asked()._replace(headers={**link, **changed})
        assert astray(request, OWN_HOST, PLACES) is None
    assert astray(asked("POST")._replace(headers=link), OWN_HOST, PLACES) is None


@pytest.mark.parametrize(
    ("bound", "place", "expected"),
    [
        (None, OWN_HOST, None),
        (ONE, SessionOrigin(ONE), None),
        (ONE, OWN_HOST, "another_origin"),
        (ONE, SessionOrigin(OTHER), "session_over"),
        (None, SessionOrigin(ONE), "session_over"),
    ],
)
def test_a_session_is_served_where_it_is_bound_to_and_a_refusal_of_it_told_there(
    bound: str | None, place: Place, expected: str | None
) -> None:
    session = held(bound)
    blocked = Refuse(UNAVAILABLE.status, "action_blocked", held=session)
    verdicts: list[Settled] = [session, blocked]
    for verdict in verdicts:
        settled = at_place(verdict, place)
        if expected is None:
            assert settled is verdict
        else:
            assert isinstance(settled, Refuse)
            assert (settled.code, settled.held) == (expected, None)


def test_without_a_session_a_label_answers_as_one_that_is_over() -> None:
    assert at_place(PASS, OWN_HOST) is PASS
    settled = at_place(PASS, SessionOrigin(ONE))
    assert isinstance(settled, Refuse)
    assert settled.code == "session_over"
