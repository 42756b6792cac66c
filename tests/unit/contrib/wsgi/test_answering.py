"""The SDK's answers as WSGI has them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest

from tests.unit.contrib.wsgi.server import asked, served
from understudy.contrib.wsgi.answering import send_answer, status_line
from understudy.sdk.visit import Answer, see_other


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_is_sent_whole_and_to_head_without_its_body(method: str) -> None:
    answer = Answer(headers=(("content-type", "text/plain"),), body=b"hello")

    def app(environ: Any, start_response: Any) -> list[bytes]:
        return send_answer(answer, environ, start_response)

    got = served(app, asked(method=method))
    assert (got.status, got.body) == ("200 OK", b"hello" if method == "GET" else b"")
    assert got.headers == list(answer.all_headers())


@pytest.mark.parametrize("answer", [see_other("/"), Answer(status=HTTPStatus.NO_CONTENT)])
def test_what_has_no_body_contents_the_checker_too(answer: Answer) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        return send_answer(answer, environ, start_response)

    got = served(app, asked())
    assert (got.code, got.error, got.whole) == (answer.status, None, True)


def test_a_status_has_its_phrase() -> None:
    assert status_line(HTTPStatus.SEE_OTHER) == "303 See Other"
