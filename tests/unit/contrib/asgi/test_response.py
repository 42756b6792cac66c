"""The response between app and browser: headers, banner, length, parts."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest

from tests.fixtures.browser import PAGE, Browser
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.asgi.response import ImpersonatedResponse
from understudy.contrib.asgi.types import Message, Receive, Scope, Send
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction, RedactionRule, RuleKind
from understudy.sdk.guard import Asked
from understudy.sdk.headers import for_the_browser
from understudy.sdk.insertion import Insertion
from understudy.sdk.passage.reply import Reply
from understudy.sdk.redaction.whole import WholeBody
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Phase
from understudy.sdk.visit import Answer
from understudy.testing import FakeGateway

HTML = (b"content-type", b"text/html; charset=utf-8")
PAGE_HEADERS = {name.lower(): value for name, value in PAGE.items()}
PAGE_BODY = b"<!doctype html><html><head><title>x</title></head><body>hello</body></html>"


def page(*headers: tuple[bytes, bytes], body: bytes | list[bytes] = PAGE_BODY) -> Echo:
    return Echo(body, headers=[HTML, *headers])


def test_cache_poisoning_no_answer_of_a_session_is_kept_by_any_cache(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = page(
        (b"cache-control", b"public, max-age=600"),
        (b"etag", b'"a"'),
        (b"last-modified", b"x"),
        (b"vary", b"Accept"),
    )
    answer = guarded(app).open("/", {**gateway.open().headers, "If-None-Match": '"a"'})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cdn-cache-control"] == "no-store"
    assert answer.headers["surrogate-control"] == "no-store"
    assert answer.headers["vary"] == "Cookie, Accept"
    assert "etag" not in answer.headers
    assert "last-modified" not in answer.headers
    assert app.header(b"if-none-match") == []


def test_a_page_gets_its_banner_and_its_true_length(gateway: FakeGateway, guarded: Guarded) -> None:
    app = page((b"content-length", str(len(PAGE_BODY)).encode()))
    answer = guarded(app).open("/", gateway.open().headers)
    assert "<body><understudy-banner " in answer.text
    assert '<script src="/_understudy/banner.js" defer=""></script>hello</body>' in answer.text
    assert answer.headers["content-length"] == str(len(answer.content))


def test_a_page_in_parts_gets_one_banner(gateway: FakeGateway, guarded: Guarded) -> None:
    parts = [PAGE_BODY[i : i + 7] for i in range(0, len(PAGE_BODY), 7)]
    answer = guarded(page(body=parts)).open("/", gateway.open().headers)
    assert answer.text.count("<understudy-banner ") == 1
    assert answer.text.endswith("hello</body></html>")


HIDING = Redaction(rules=(RedactionRule(kind=RuleKind.DETECTOR, match="email"),))
ROWS = b"<p>ask a@x.test</p>" * 100


def _sent(app: Echo, understudy: Understudy, headers: dict[str, str]) -> tuple[list[bytes], bytes]:
    """What goes out of the guarded ``app`` at a time, and all of it."""
    sent: list[bytes] = []
    guard = UnderstudyMiddleware(app, understudy=understudy)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def kept(message: Message) -> None:
            if message.get("body"):
                sent.append(message["body"])
            await send(message)

        await guard(scope, receive, kept)

    return sent, Browser(served).open("/", headers).content


@pytest.mark.parametrize("redaction", [HIDING, NOTHING_HIDDEN])
@pytest.mark.parametrize("head", [b"", b"<style>" + b"a{}" * 1_000 + b"</style>"])
def test_the_front_of_a_stream_goes_out_before_the_rest_is_looked_through(
    gateway: FakeGateway, understudy: Understudy, redaction: Redaction, head: bytes
) -> None:
    first = PAGE_BODY.replace(b"<body>", head + b"<body>") + ROWS * 10
    app = page(body=[first, b"the end"])
    sent, whole = _sent(app, understudy, gateway.open(redaction=redaction).headers)
    told = b"ask HiddenByUnderstudy" if redaction.hides else b"ask a@x.test"
    assert whole.count(told) == 1_000
    assert whole.endswith(b"the end")
    # The front, the rest of the first part, and the second one.
    assert len(sent) == (3 if redaction.hides else 2)
    assert sent[0].count(told) < (200 if redaction.hides else 1_001)


def test_what_has_no_front_is_not_taken_to_crumbs(
    gateway: FakeGateway, understudy: Understudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    usual = WholeBody.part

    def part(self: WholeBody, body: bytes, *, more: bool) -> bytes:
        taken.append(len(body))
        return usual(self, body, more=more)

    monkeypatch.setattr(WholeBody, "part", part)
    told = b'{"text": "' + b"x" * 1_000_000 + b'"}'
    app = Echo([told[:-2], told[-2:]], headers=[(b"content-type", b"application/json")])
    _, whole = _sent(app, understudy, gateway.open(redaction=HIDING).headers)
    assert whole == told
    assert len(taken) < 20


def test_a_front_that_cannot_be_looked_through_is_refused_once(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open(redaction=HIDING)
    app = page(body=[b"<html>\xff" + b"x" * 5_000, b"the end"])
    sent, whole = _sent(app, understudy, session.headers)
    assert b"xxx" not in whole
    assert len(sent) == 1
    understudy.close()  # whatever is to be told has been
    assert [one.phase for one in gateway.actions(session.id)] == [Phase.BLOCKED]


def test_the_banner_is_told_of_its_stream(gateway: FakeGateway, guarded: Guarded) -> None:
    answer = guarded(page()).open("/", gateway.open().headers)
    assert 'data-events="/_understudy/events"' in answer.text


def test_the_banner_is_below_the_mount_point(gateway: FakeGateway, guarded: Guarded) -> None:
    browser = guarded(page())
    answer = browser.open("/", gateway.open().headers)
    assert 'data-end="/_understudy/end?_understudy_page=ses_' in answer.text


def test_the_pages_own_policy_is_untouched_and_its_nonce_is_used(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    policy = b"default-src 'none'; script-src 'nonce-r4nd0m'"
    answer = guarded(page((b"content-security-policy", policy))).open("/", gateway.open().headers)
    assert answer.headers["content-security-policy"] == policy.decode()
    assert '<script src="/_understudy/banner.js" nonce="r4nd0m" defer="">' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "Accept": "text/html"},
        {"Sec-Fetch-Dest": "empty", "Accept": "text/html"},
        {"Sec-Fetch-Dest": "image", "Accept": "text/html"},
        {"Accept": "application/json"},
    ],
)
def test_partial_pages_stay_as_they_are(
    gateway: FakeGateway, guarded: Guarded, headers: dict[str, str]
) -> None:
    answer = guarded(page()).get("/", {**gateway.open().headers, **headers})
    assert answer.content == PAGE_BODY


@pytest.mark.parametrize("destination", ["iframe", "frame"])
def test_framed_pages_have_their_banner(
    gateway: FakeGateway, guarded: Guarded, destination: str
) -> None:
    answer = guarded(page()).get("/", {**gateway.open().headers, "Sec-Fetch-Dest": destination})
    assert "<understudy-banner" in answer.text


def test_other_media_stay_as_they_are(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo(b"<body>", headers=[(b"content-type", b"text/plain"), (b"content-length", b"6")])
    answer = guarded(app).open("/", gateway.open().headers)
    assert answer.content == b"<body>"
    assert answer.headers["content-length"] == "6"


def test_compressed_pages_stay_as_they_are_and_are_not_asked_for(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = page((b"content-encoding", b"x-own"), body=b"\x1f\x8b")
    answer = guarded(app).open("/", gateway.open().headers)
    assert answer.content == b"\x1f\x8b"
    assert app.header(b"accept-encoding") == []


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_stay_without(
    gateway: FakeGateway, guarded: Guarded, status: int
) -> None:
    answer = guarded(Echo(b"", status=status, headers=[HTML])).open("/", gateway.open().headers)
    assert (answer.status_code, answer.content) == (status, b"")


def test_an_empty_page_stays_empty(gateway: FakeGateway, guarded: Guarded) -> None:
    answer = guarded(page((b"content-length", b"0"), body=b"")).open("/", gateway.open().headers)
    assert answer.content == b""
    assert answer.headers["content-length"] == "0"


def test_a_page_that_begins_with_an_empty_part_has_its_banner(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    answer = guarded(page(body=[b"", b"", PAGE_BODY])).open("/", gateway.open().headers)
    assert "<body><understudy-banner" in answer.text


def test_a_head_request_has_no_body(gateway: FakeGateway, guarded: Guarded) -> None:
    app = page((b"content-length", b"75"), body=b"")
    answer = guarded(app).request("HEAD", "/", {**gateway.open().headers, **PAGE})
    assert answer.content == b""


def test_a_head_request_tells_no_length_that_the_page_has_not(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = page((b"content-length", b"75"), body=b"")
    answer = guarded(app).request("HEAD", "/", {**gateway.open().headers, **PAGE})
    assert "content-length" not in answer.headers


def test_error_pages_have_their_banner_too(gateway: FakeGateway, guarded: Guarded) -> None:
    answer = guarded(Echo(PAGE_BODY, status=404, headers=[HTML])).open("/", gateway.open().headers)
    assert answer.status_code == 404
    assert "<understudy-banner" in answer.text


def test_the_apps_cookies_reach_the_browser(gateway: FakeGateway, guarded: Guarded) -> None:
    app = page((b"set-cookie", b"csrf=1"), (b"set-cookie", b"flash=2"))
    session = gateway.open()
    answer = guarded(app).open("/", session.headers)
    *cookies, epoch, shown = answer.headers.get_list("set-cookie")
    assert cookies == ["csrf=1", "flash=2"]
    assert epoch.startswith("__Host-understudy-epoch=1; ")
    assert shown.startswith(f"understudy-page={session.id}; ")
    kept = [session.headers["Cookie"], *(one.partition(";")[0] for one in (epoch, shown))]
    told = {**session.headers, "Cookie": "; ".join(kept)}
    again = guarded(app).open("/", told)
    assert again.headers.get_list("set-cookie") == ["csrf=1", "flash=2"]


def test_servers_are_not_offered_ways_past_the_banner(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    from understudy.contrib.asgi import UnderstudyMiddleware

    app, understudy = Echo(), gateway.understudy()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"cookie", gateway.open().headers["Cookie"].encode())],
        "extensions": {"http.response.pathsend": {}, "tls": {}},
    }

    async def send(message: Any) -> None:
        del message

    asyncio.run(UnderstudyMiddleware(app, understudy=understudy)(scope, send, send))  # type: ignore[arg-type]
    understudy.close()
    assert set(app.scopes[0]["extensions"]) == {"tls"}


class Recorded:
    """A response whose messages and marks are kept."""

    def __init__(self, refusal: Answer | None = None) -> None:
        self.messages: list[Any] = []
        self.marks: list[str] = []
        self.is_over = False
        passage = Mock(
            **{
                "held.rulings": None,
                "late_refusal.return_value": refusal,
                "insertion.side_effect": lambda headers: Insertion(b"[B]"),
                "corrected.return_value": [],
                "request.headers": PAGE_HEADERS,
                "request.asked": Asked(b"", frozenset({"GET"}), ("/",)),
                "crossing.to_browser.side_effect": lambda headers, _: for_the_browser(headers),
                "log.completed.side_effect": lambda *_: self.marks.append("completed"),
            }
        )
        cutter = Mock(
            cut_by=None,
            **{
                "is_over.side_effect": lambda: self.is_over,
                "start.side_effect": lambda **_: self.marks.append("streams"),
                "cut.side_effect": lambda: self.marks.append("cut"),
            },
        )
        self.passage = passage
        self.reply = Reply(passage)
        self.response = ImpersonatedResponse(self._send, reply=self.reply, scope={}, cutter=cutter)

    def changes(self) -> None:
        """From here on the request is one that changes something."""
        self.passage.request.asked = Asked(b"", frozenset({"POST"}), ("/",))

    async def _send(self, message: Any) -> None:
        self.messages.append(message)

    def play(self, *messages: dict[str, Any]) -> None:
        async def play() -> None:
            for message in messages:
                await self.response(message)

        asyncio.run(play())


START = {"type": "http.response.start", "status": 200, "headers": [HTML]}
PLAIN = {"type": "http.response.start", "status": 200}


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


def test_a_stream_is_not_held_back_beyond_its_body_tag() -> None:
    recorded = Recorded()
    recorded.play(START, part(b"<html>", more=True), part(b"<body>a", more=True))
    assert [message.get("body") for message in recorded.messages] == [None, b"<html><body>[B]a"]
    recorded.play(part(b"b", more=True), part(b"", more=False))
    assert [message["body"] for message in recorded.messages[2:]] == [b"b", b""]
    assert recorded.marks == ["streams", "completed"]


def test_a_stream_of_another_medium_is_not_held_back_at_all() -> None:
    recorded = Recorded()
    recorded.play(PLAIN, part(b"a", more=True), part(b"b", more=True))
    assert [message.get("body") for message in recorded.messages] == [None, b"a", b"b"]
    assert recorded.marks == ["streams"]


def test_an_answer_in_one_piece_is_no_stream() -> None:
    recorded = Recorded()
    recorded.play(START, part(b"<body>", more=False))
    assert recorded.marks == ["completed"]
    assert recorded.reply.status == 200


def test_nothing_of_a_refused_answer_goes_out() -> None:
    refusal = Answer(status=503)
    recorded = Recorded(refusal)
    recorded.play(START, part(b"<body>", more=True), part(b"", more=False))
    assert recorded.messages == []
    assert recorded.reply.refusal is refusal
    assert recorded.reply.status is None


def test_other_messages_go_straight_on() -> None:
    recorded = Recorded()
    recorded.play({"type": "http.response.debug", "info": {}})
    assert recorded.messages == [{"type": "http.response.debug", "info": {}}]


@pytest.mark.parametrize("last", [True, False])
def test_nothing_of_what_was_read_goes_out_behind_the_end(last: bool) -> None:
    recorded = Recorded()
    recorded.play(PLAIN)
    recorded.is_over = True
    for _ in range(2):
        with pytest.raises(ConnectionAbortedError):
            recorded.play(part(b"secrets", more=not last))
    assert recorded.messages == [{**PLAIN, "headers": recorded.reply.headers}]
    assert recorded.marks == ["cut", "cut"]


def test_that_an_answer_is_complete_may_be_told_behind_the_end() -> None:
    recorded = Recorded()
    recorded.play(PLAIN, part(b"a", more=True))
    recorded.is_over = True
    recorded.play(part(b"", more=False))
    assert recorded.messages[-1] == part(b"", more=False)
    assert recorded.marks == ["streams", "completed"]


def test_what_was_changed_is_told_of_once_behind_the_end() -> None:
    recorded = Recorded()
    recorded.changes()
    recorded.play(PLAIN)
    recorded.is_over = True
    recorded.play(part(b"done", more=True))
    with pytest.raises(ConnectionAbortedError):
        recorded.play(part(b"secrets", more=True))
    recorded.play(part(b"", more=False))
    assert [message.get("body") for message in recorded.messages] == [None, b"done", b""]


def test_a_refusal_takes_the_place_of_a_page_that_was_held_back_when_its_session_ended() -> None:
    recorded = Recorded()
    recorded.play(START, part(b"<html>", more=True))
    recorded.is_over, refusal = True, Answer(status=401)
    recorded.passage.late_refusal.return_value = refusal
    with pytest.raises(ConnectionAbortedError):
        recorded.play(part(b"<body>secrets", more=True))
    assert (recorded.messages, recorded.reply.refusal) == ([], refusal)


def test_an_app_whose_answer_is_refused_in_one_piece_is_left_to_finish() -> None:
    recorded = Recorded()
    recorded.play(START)
    recorded.is_over, refusal = True, Answer(status=401)
    recorded.passage.late_refusal.return_value = refusal
    recorded.play(part(b"<body>secrets", more=False))
    assert (recorded.messages, recorded.reply.refusal) == ([], refusal)
    assert recorded.marks == []


def test_an_app_that_goes_on_and_on_behind_a_refusal_is_stopped() -> None:
    recorded = Recorded(Answer(status=401))
    recorded.is_over = True
    recorded.play(START, part(b"", more=False))
    with pytest.raises(ConnectionAbortedError):
        recorded.play(part(b"a", more=True))
    assert recorded.messages == []


def test_other_messages_do_not_go_out_behind_the_end_either() -> None:
    recorded = Recorded()
    recorded.play(PLAIN)
    recorded.is_over = True
    with pytest.raises(ConnectionAbortedError):
        recorded.play({"type": "http.response.debug", "info": {}})
