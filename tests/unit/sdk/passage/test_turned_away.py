from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.browser import PAGE
from understudy.sdk.guard import UNAVAILABLE, Asked
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.turned_away import answer_to
from understudy.sdk.routes import Routes
from understudy.sdk.visit import Answer
from understudy.testing import FakeGateway


@pytest.fixture
def routes() -> Iterator[Routes]:
    understudy = FakeGateway().understudy()
    yield Routes(understudy, home="/home")
    understudy.close()


def _answer(routes: Routes, *, socket: bool) -> Answer:
    asked = Asked(cookie=b"", methods=("GET",), paths=("/",), socket=socket)
    request = Request(
        asked=asked,
        method="WEBSOCKET" if socket else "GET",
        path="/",
        base="",
        origin="https://app.example",
        headers={name.lower(): value for name, value in PAGE.items()},
        address=None,
    )
    return answer_to(request, UNAVAILABLE, routes, now=0.0)


def _content_type(answer: Answer) -> str:
    return dict(answer.headers)["content-type"]


def test_a_person_sees_a_page_and_who_opens_a_live_connection_gets_a_problem(
    routes: Routes,
) -> None:
    page, problem = _answer(routes, socket=False), _answer(routes, socket=True)
    assert page.status == problem.status == 503
    assert _content_type(page).startswith("text/html")
    assert _content_type(problem) == "application/problem+json"
