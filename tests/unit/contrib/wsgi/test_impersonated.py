"""The app's answer in a session: the turns that PEP 3333 leaves to an app, and what it may do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.contrib.wsgi.apps import Echo, writing
from tests.unit.contrib.wsgi.conftest import Guarded, unchecked
from tests.unit.contrib.wsgi.server import HTML, PAGE, TEXT, asked, page, start
from understudy.sdk.forbidding import forbid_while_impersonating
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

BODY = b"<!doctype html><html><body>hello</body></html>"
LENGTH = ("Content-Length", str(len(BODY)))


def test_a_page_gets_its_banner_and_its_true_length(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo(BODY, headers=[HTML, LENGTH])
    got = guarded(app).ask("/", page(gateway.open(subject_id="42")))
    assert b"<understudy-banner" in got.body
    assert got.header("content-length") == [str(len(got.body))]
    assert (got.whole, app.subjects, app.closed) == (True, {"42"}, 1)


def test_what_is_no_page_has_the_length_that_it_had(gateway: FakeGateway, guarded: Guarded) -> None:
    got = guarded(Echo(BODY, headers=[HTML, LENGTH])).ask("/", gateway.open().headers)
    assert (got.body, got.header("content-length")) == (BODY, [LENGTH[1]])


def test_no_length_is_made_up(gateway: FakeGateway, guarded: Guarded) -> None:
    got = guarded(Echo(BODY, headers=[HTML])).ask("/", page(gateway.open()))
    assert got.header("content-length") == []


def in_list(*parts: bytes, headers: tuple[tuple[str, str], ...] = (TEXT,)) -> Any:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", list(headers))
        return list(parts)

    return app


def test_a_list_of_one_part_goes_out_in_one(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    got = unchecked(guarded, in_list(BODY, headers=(HTML,))).ask("/", page(session))
    assert len(got.parts) == 1
    assert got.body.startswith(b"<!doctype html>")
    assert got.body.endswith(b"</html>")


def test_an_answer_in_one_part_is_complete_with_it(gateway: FakeGateway, guarded: Guarded) -> None:
    session = gateway.open()
    site = unchecked(guarded, in_list(b"hello"))
    answer: Any = site.middleware(asked("/", session.headers), start)
    assert next(answer) == b"hello"
    # Before the server has closed it, which it may do much later.
    assert [action.status for action in gateway.actions(session.id)] == [200]
    answer.close()


@pytest.mark.parametrize(
    "parts", [(b"", b"a", b""), (b"",), (), (b"a", b"", b"b"), (b"", b"", b"ab")]
)
def test_empty_parts_change_nothing(
    gateway: FakeGateway, guarded: Guarded, parts: tuple[bytes, ...]
) -> None:
    for site in (guarded(in_list(*parts)), unchecked(guarded, in_list(*parts))):
        got = site.ask("/", gateway.open().headers)
        assert (got.code, got.body, got.whole) == (200, b"".join(parts), True)


@pytest.mark.parametrize("in_session", [True, False])
def test_an_app_that_has_nothing_yet_gives_the_server_its_turn(
    gateway: FakeGateway, guarded: Guarded, in_session: bool
) -> None:
    pulled: list[bytes] = []
    parts = [b"first", b"", b"", b"last"]
    app, session = Echo(parts, look=lambda environ: pulled.clear()), gateway.open()
    app.parts = Noted(parts, pulled)
    site = unchecked(guarded, app)
    site.ask("/", session.headers)
    answer = iter(site.middleware(asked("/", session.headers if in_session else {}), start))
    found = [(next(answer), len(pulled)) for _ in parts]
    answer.close()  # type: ignore[attr-defined]
    assert found == [(b"first", 1), (b"", 2), (b"", 3), (b"last", 4)]


class Noted(list[bytes]):
    """Parts that tell when they are asked for."""

    def __init__(self, parts: list[bytes], pulled: list[bytes]) -> None:
        super().__init__(parts)
        self._pulled = pulled

    def __iter__(self) -> Iterator[bytes]:
        for part in super().__iter__():
            self._pulled.append(part)
            yield part


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answers_without_a_body_stay_without(
    gateway: FakeGateway, guarded: Guarded, status: str
) -> None:
    got = guarded(Echo([], status=status, headers=[])).ask("/", page(gateway.open()))
    assert (got.status, got.body, got.whole) == (status, b"", True)
    assert got.header("content-length") == []


def test_an_empty_page_stays_empty(gateway: FakeGateway, guarded: Guarded) -> None:
    headers = [HTML, ("Content-Length", "0")]
    got = guarded(Echo(b"", headers=headers)).ask("/", page(gateway.open()))
    assert (got.code, got.whole) == (200, True)
    assert got.header("content-length") == [str(len(got.body))]


def test_the_answer_to_head_tells_no_length_that_the_page_has_not(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo([], headers=[HTML, LENGTH])
    got = guarded(app).ask("/", page(gateway.open()), method="HEAD")
    assert (got.code, got.body, got.header("content-length")) == (200, b"", [])


def test_an_app_may_begin_as_its_first_part_is_asked_for(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo([b"<html><body>", b"hello"], headers=[HTML], late=True)
    got = guarded(app).ask("/", page(gateway.open(subject_id="42")))
    assert b"<understudy-banner" in got.body
    assert (app.subjects, app.closed) == ({"42"}, 1)


def test_an_app_that_never_begins_is_at_fault(gateway: FakeGateway, guarded: Guarded) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        return [b"hello"]

    session = gateway.open()
    got = unchecked(guarded, app).ask("/", session.headers)
    assert (got.code, b"hello" in got.body) == (500, False)
    assert isinstance(got.error, AssertionError)
    assert [action.status for action in gateway.actions(session.id)] == [500]


@pytest.mark.parametrize("rest", [(), (b"</html>",)])
def test_what_an_app_writes_comes_before_what_it_returns(
    gateway: FakeGateway, guarded: Guarded, rest: tuple[bytes, ...]
) -> None:
    app = writing(b"<!doctype html><ht", b"", b"ml><body>", b"hello", rest=rest)
    got = guarded(app).ask("/", page(gateway.open()))
    before, _, after = got.body.partition(b"<understudy-banner")
    assert before.endswith(b"<body>")
    assert after.endswith(b"</script>hello" + b"".join(rest))
    assert got.whole


def test_what_is_written_is_sent_at_once(gateway: FakeGateway, guarded: Guarded) -> None:
    sent: list[int] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [TEXT])
        for _ in range(3):
            write(b"part")
            sent.append(len(written))
        return []

    written: list[bytes] = []

    def start_response(*_: object) -> Any:
        return written.append

    site, headers = guarded(app), gateway.open().headers
    answer = site.middleware(asked("/", headers), start_response)
    assert list(answer) == []
    answer.close()  # type: ignore[attr-defined]
    assert sent == [1, 2, 3]


def said_anew(when: str, *, with_error: bool = True) -> Any:
    """An app that says its status anew, before or behind its first part."""

    def anew(start_response: Any) -> None:
        try:
            raise LookupError("a bug in the app")
        except LookupError:
            error = (sys.exc_info(),) if with_error else ()
            start_response("500 Internal Server Error", [TEXT], *error)

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [HTML])
        if when == "before":
            anew(start_response)
        yield b"<html>"  # held back, since the banner is not in it
        if when == "behind":
            anew(start_response)
        yield b"<body>hello"

    return app


def test_an_app_may_say_its_status_anew_before_its_first_part(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    got = guarded(said_anew("before")).ask("/", page(session))
    assert (got.status, got.header("content-type")) == ("500 Internal Server Error", [TEXT[1]])
    assert got.body == b"<html><body>hello"
    assert [action.status for action in gateway.actions(session.id)] == [500]


@pytest.mark.parametrize("headers", [{}, PAGE])
def test_behind_its_first_part_an_app_gets_its_own_error_back(
    gateway: FakeGateway, guarded: Guarded, headers: dict[str, str]
) -> None:
    session = gateway.open()
    got = guarded(said_anew("behind")).ask("/", {**headers, **session.headers})
    assert isinstance(got.error, LookupError)
    assert not got.whole or got.code == 500
    assert b"hello" not in got.body


def test_a_status_that_is_said_twice_without_an_error_is_a_fault(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    got = guarded(said_anew("before", with_error=False)).ask("/", page(gateway.open()))
    assert isinstance(got.error, AssertionError)
    assert got.code == 500


@pytest.mark.parametrize("write", [True, False])
def test_a_forbidden_view_is_refused_and_the_log_told_so(
    gateway: FakeGateway, guarded: Guarded, write: bool
) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        out = start_response("200 OK", [TEXT])
        try:
            forbid_while_impersonating()
        except Exception:
            if not write:
                raise
            out(b"hidden by a framework")
        return []

    session = gateway.open()
    got = guarded(app).ask("/", session.headers, method="POST")
    assert (got.code, b"hidden" in got.body, got.error) == (403, False, None)
    last = gateway.actions(session.id, at_least=2)[-1]
    assert (last.phase, last.rule) == (Phase.BLOCKED, "forbidden_while_impersonating")


def test_a_refusal_of_head_has_no_body(gateway: FakeGateway, guarded: Guarded) -> None:
    got = guarded(Echo(look=lambda _: forbid_while_impersonating())).ask(
        "/", gateway.open().headers, method="HEAD"
    )
    assert (got.code, got.body, got.whole) == (403, b"", True)


def test_a_frameworks_word_on_its_route_is_in_the_log(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    app = Echo(look=lambda environ: environ.update({"understudy.route": "/orders/<id>"}))
    guarded(app).ask("/orders/7", session.headers)
    assert [action.route for action in gateway.actions(session.id)] == ["/orders/<id>"]
