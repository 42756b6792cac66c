"""The SDK's answers as WSGI has them."""

from __future__ import annotations

from http import HTTPStatus

from understudy.contrib.wsgi.types import Environ, StartResponse
from understudy.sdk.visit import Answer

_WITHOUT_TYPE = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


def send_answer(answer: Answer, environ: Environ, start_response: StartResponse) -> list[bytes]:
    """Begin the response, and give its body."""
    headers = list(answer.all_headers())
    # Checkers of WSGI miss a type also where there is nothing to be read, as in a redirect.
    if answer.status not in _WITHOUT_TYPE and all(name != "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain; charset=utf-8"))
    start_response(status_line(answer.status), headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def status_line(status: int) -> str:
    """``200 OK``."""
    return f"{int(status)} {HTTPStatus(status).phrase}"
