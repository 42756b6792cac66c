"""The service over HTTP: what is asked, how it is asked, and what its answers become."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest

from tests.fixtures.impersonation import BEGIN, OPENED, TOKEN
from tests.fixtures.refusals import refusal_of
from tests.unit.sdk.test_wire import ANSWER
from understudy import errors
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.impersonation.sessions import EndCause
from understudy.errors import Unavailable
from understudy.sdk.remote import RemoteGateway, check_service_url
from understudy.sdk.secret import Secret
from understudy.sdk.values import Beat, Phase, Presented, RecordedAction, SessionClosed, Wire

URL = "https://understudy.test/base"
ACTION = RecordedAction("abcdefgh-1", Phase.COMPLETED, BEGIN, "GET", "/orders", status=200)


class Service:
    """Answers every request with ``answer`` and remembers them."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        self.gateway = RemoteGateway(
            URL,
            "app_1",
            Secret("usk_secret"),
            transport=lambda: httpx.MockTransport(self._handle),
        )

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)

    @property
    def body(self) -> dict[str, Any]:
        """The last request's."""
        found: dict[str, Any] = json.loads(self.requests[-1].content)
        return found


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    services: list[Service] = []

    def make(
        status: int = 200,
        content: Any = None,
        raises: Exception | None = None,
        **more: Any,
    ) -> Service:
        def answer(request: httpx.Request) -> httpx.Response:
            if raises is not None:
                raise raises
            if isinstance(content, bytes):
                return httpx.Response(status, content=content, **more)
            return httpx.Response(status, json=content, **more)

        services.append(Service(answer))
        return services[-1]

    yield make
    for service in services:
        service.gateway.close()


Serve = Callable[..., Service]


def test_an_exchange_carries_what_a_code_is_bound_to(serve: Serve) -> None:
    service = serve(content=ANSWER)
    presented = Presented(
        token=Secret("usi_1"), code_verifier=Secret("v" * 43), redirect_uri="https://app.test/cb"
    )
    assert service.gateway.exchange(presented) == OPENED
    assert str(service.requests[0].url) == f"{URL}/api/v1/impersonations/exchange"
    assert service.body == {
        "impersonation_token": "usi_1",
        "code_verifier": "v" * 43,
        "redirect_uri": "https://app.test/cb",
    }


def test_a_token_without_a_binding_is_exchanged_bare(serve: Serve) -> None:
    service = serve(content=ANSWER)
    service.gateway.exchange(Presented(token=Secret("usi_1")))
    assert service.body == {"impersonation_token": "usi_1"}


@pytest.mark.parametrize("wire", [Wire.STYTCH, Wire.CLERK])
def test_a_token_of_another_wire_says_so(serve: Serve, wire: Wire) -> None:
    service = serve(content=ANSWER)
    service.gateway.exchange(Presented(token=Secret("usi_1"), wire=wire))
    assert service.body == {"impersonation_token": "usi_1", "wire": wire.value}


def test_a_refresh_carries_the_token_in_the_body_only(serve: Serve) -> None:
    service = serve(content=ANSWER)
    assert service.gateway.refresh(TOKEN) == OPENED
    assert service.body == {"session_token": TOKEN.reveal()}
    assert TOKEN.reveal() not in str(service.requests[0].url)


LISTED: dict[str, Any] = {"method": "POST", "pattern": "/pay", "label": "paying"}


def blocking(actions: list[dict[str, Any]], digest: str | None) -> dict[str, Any]:
    restrictions = {"scope": "full", "blocked_actions": actions, "blocked_digest": digest}
    return {**ANSWER, "restrictions": restrictions}


def test_a_list_of_blocked_actions_is_sent_once() -> None:
    answers = iter([blocking([LISTED], "d1"), blocking([], "d1"), blocking([], None)])
    service = Service(lambda _: httpx.Response(200, json=next(answers)))
    first, second, third = (service.gateway.refresh(TOKEN).session for _ in range(3))
    assert first.restrictions.blocked_actions == (msgspec.convert(LISTED, BlockedAction),)
    assert second.restrictions.blocked_actions is first.restrictions.blocked_actions
    # What is blocked no longer is not kept for longer than that.
    assert third.restrictions.blocked_actions == ()
    told = [request.headers.get("understudy-holds") for request in service.requests]
    assert told == [None, "d1", "d1"]
    service.gateway.close()


def test_a_list_that_is_left_out_and_was_never_here_is_not_taken_for_nothing() -> None:
    answers = iter([blocking([], "d1"), blocking([LISTED], "d1"), blocking([], "d2")])
    service = Service(lambda _: httpx.Response(200, json=next(answers)))
    with pytest.raises(Unavailable):
        service.gateway.refresh(TOKEN)
    service.gateway.refresh(TOKEN)
    with pytest.raises(Unavailable):
        service.gateway.refresh(TOKEN)
    service.gateway.close()


def test_the_application_signs_in_with_basic_credentials(serve: Serve) -> None:
    service = serve(content=ANSWER)
    service.gateway.refresh(TOKEN)
    credentials = service.requests[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(credentials) == b"app_1:usk_secret"


def test_an_ending_names_its_cause(serve: Serve) -> None:
    service = serve(content={})
    assert service.gateway.end("ses_1", EndCause.IDENTITY_NOT_APPLIED)
    assert str(service.requests[0].url) == f"{URL}/api/v1/sessions/ses_1/end"
    assert service.body == {"cause": "identity_not_applied"}


@pytest.mark.parametrize("logged", [True, False])
def test_an_ending_says_whether_the_log_has_it(serve: Serve, *, logged: bool) -> None:
    service = serve(200 if logged else 202, {"effective": True, "logged": logged})
    assert service.gateway.end("ses_1", EndCause.ENDED_BY_ACTOR) is logged


@pytest.mark.parametrize("odd", [{"logged": "yes"}, [], {"logged": 1}])
def test_an_answer_to_an_ending_that_cannot_be_read_ended_nothing(
    serve: Serve, odd: object
) -> None:
    with pytest.raises(errors.Unavailable) as refused:
        serve(content=odd).gateway.end("ses_1", EndCause.ENDED_BY_ACTOR)
    assert refused.value.code == "unavailable"


def test_a_service_of_before_ends_for_a_cause_that_it_knows(serve: Serve) -> None:
    service = serve(422, {"code": "invalid_input"})
    with refusal_of(errors.InvalidInput, "invalid_input"):
        service.gateway.end("ses_1", EndCause.REPLACED)
    sent = [json.loads(request.content) for request in service.requests]
    assert sent == [{"cause": "replaced"}, {"cause": "ended_by_actor"}]


def test_ending_what_the_service_does_not_know_is_harmless(serve: Serve) -> None:
    assert serve(404, {"code": "not_found"}).gateway.end("ses_1", EndCause.ENDED_BY_ACTOR)


def test_an_odd_session_id_cannot_leave_its_place_in_the_path(serve: Serve) -> None:
    service = serve(content={})
    service.gateway.end("../../operators?x=1", EndCause.ENDED_BY_ACTOR)
    assert service.requests[0].url.raw_path.endswith(b"/sessions/..%2F..%2Foperators%3Fx%3D1/end")


def test_actions_are_recorded_under_their_key(serve: Serve) -> None:
    service = serve(content={"recorded": 1, "last_index": 5})
    service.gateway.record("ses_1", [ACTION], key="key-1")
    assert str(service.requests[0].url) == f"{URL}/api/v1/sessions/ses_1/actions"
    assert service.requests[0].headers["idempotency-key"] == "key-1"
    assert service.body["actions"][0]["path"] == "/orders"


def test_news_are_followed_from_where_they_broke(serve: Serve) -> None:
    stream = (
        b'event: heartbeat\ndata: {"index": 3}\n\n'
        b'id: 4\nevent: session\ndata: {"session_id": "ses_1", "type": "session.ended", '
        b'"cause": "ended_by_actor"}\n\n'
    )
    service = serve(content=stream)
    news = list(service.gateway.follow("2"))
    assert news == [
        Beat(index=3),
        SessionClosed(session_id="ses_1", cause=EndCause.ENDED_BY_ACTOR, event_id="4"),
    ]
    assert service.requests[0].headers["last-event-id"] == "2"
    assert service.requests[0].headers["accept"] == "text/event-stream"


def test_the_first_connection_resumes_nowhere(serve: Serve) -> None:
    service = serve(content=b"")
    assert list(service.gateway.follow(None)) == []
    assert "last-event-id" not in service.requests[0].headers


def test_a_refused_stream_says_why(serve: Serve) -> None:
    with refusal_of(errors.NotSignedIn, "not_signed_in"):
        list(serve(401, {"code": "not_signed_in"}).gateway.follow(None))


Verb = Callable[[RemoteGateway], object]
VERBS: list[Verb] = [
    lambda gateway: gateway.exchange(Presented(token=Secret("usi_1"))),
    lambda gateway: gateway.refresh(TOKEN),
    lambda gateway: gateway.end("ses_1", EndCause.ENDED_BY_ACTOR),
    lambda gateway: gateway.record("ses_1", [ACTION], key="key-1"),
    lambda gateway: list(gateway.follow(None)),
]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("gone"),
    ],
)
def test_a_service_that_is_not_reached_is_unavailable(
    serve: Serve, verb: Verb, fault: Exception
) -> None:
    with pytest.raises(errors.Unavailable) as raised:
        verb(serve(raises=fault).gateway)
    assert type(fault).__name__ in (raised.value.internal or "")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("status", "location"), [(500, None), (502, None), (307, "https://evil.test/")]
)
def test_what_is_no_answer_of_the_service_is_unavailable(
    serve: Serve, verb: Verb, status: int, location: str | None
) -> None:
    service = serve(status, b"<html>", headers={"location": location} if location else {})
    # A proxy may have lost the service's answer to an exchange: its token may be used up.
    unknown = verb is VERBS[0] and location is None
    kind, code = (
        (errors.OutcomeUnknown, "outcome_unknown")
        if unknown
        else (errors.Unavailable, "unavailable")
    )
    with refusal_of(kind, code, status=status):
        verb(service.gateway)
    assert len(service.requests) == 1, "a redirect must not carry credentials elsewhere"


@pytest.mark.parametrize("code", ["token_invalid", "session_over"])
def test_a_refusal_keeps_its_code(serve: Serve, code: str) -> None:
    with pytest.raises(errors.UnderstudyError) as raised:
        serve(401, {"code": code}).gateway.refresh(TOKEN)
    assert raised.value.code == code


def test_an_exchange_is_never_repeated_by_itself(serve: Serve) -> None:
    service = serve(raises=httpx.RemoteProtocolError("gone"))
    with refusal_of(errors.OutcomeUnknown, "outcome_unknown"):
        service.gateway.exchange(Presented(token=Secret("usi_1")))
    assert len(service.requests) == 1


@pytest.mark.parametrize("fault", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")])
def test_an_exchange_that_was_never_sent_is_known_not_to_be_done(
    serve: Serve, fault: Exception
) -> None:
    with refusal_of(errors.Unavailable, "unavailable"):
        serve(raises=fault).gateway.exchange(Presented(token=Secret("usi_1")))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("outcome_unknown", errors.OutcomeUnknown),
        ("internal_error", errors.OutcomeUnknown),
        ("unavailable", errors.Unavailable),
        ("storage_full", errors.Unavailable),
    ],
)
def test_of_an_exchange_that_failed_the_service_says_whether_it_may_be_done(
    serve: Serve, code: str, said: type[errors.Unavailable]
) -> None:
    with refusal_of(said, said.code, status=503):
        serve(503, {"code": code}).gateway.exchange(Presented(token=Secret("usi_1")))


def test_an_exchange_carries_its_name(serve: Serve) -> None:
    service = serve(content=ANSWER)
    service.gateway.exchange(Presented(token=Secret("usi_1"), attempt=Secret("attempt-1")))
    assert service.body == {"impersonation_token": "usi_1", "attempt": "attempt-1"}


def test_the_secret_is_not_in_what_is_printed(serve: Serve) -> None:
    assert "usk_secret" not in repr(serve().gateway)


def test_a_closed_gateway_connects_again(serve: Serve) -> None:
    service = serve(content=ANSWER)
    service.gateway.refresh(TOKEN)
    service.gateway.close()
    assert service.gateway.refresh(TOKEN) == OPENED


@pytest.mark.parametrize(
    "url",
    [
        "",
        "understudy.test",
        "ftp://understudy.test",
        "https://",
        "https://user:pass@understudy.test",
        "https://understudy.test?a=b",
        "https://understudy.test#a",
        "https://understudy.test:port",
        "http://[::1",
    ],
)
def test_an_address_that_is_none_is_a_set_up_error(url: str) -> None:
    with pytest.raises(errors.SetupError) as refused:
        check_service_url(url)
    assert refused.value.code == "setup_error"


@pytest.mark.parametrize(
    "url",
    ["https://understudy.test", "http://localhost:8700", "http://127.0.0.1:1", "http://[::1]:1"],
)
def test_a_proper_address_loses_its_slash_and_warns_of_nothing(url: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check_service_url(url + "/") == url


def test_a_secret_in_the_clear_is_warned_of() -> None:
    with pytest.warns(errors.SecurityWarning, match="unencrypted"):
        check_service_url("http://understudy.internal:8700")
