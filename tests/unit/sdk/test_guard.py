"""The guard's decisions, one clause each."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import pytest

from tests.fixtures.impersonation import (
    OPENED,
    TOKEN,
    ManualTime,
    an_opened,
    restricted,
)
from understudy.core.impersonation.restrictions import Blocked, BlockedAction, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import token_hash
from understudy.sdk.cache import Ended, Held, SessionCache
from understudy.sdk.guard import (
    PASS,
    UNAVAILABLE,
    Asked,
    Guard,
    NeedsRefresh,
    Refuse,
    methods_of,
)
from understudy.sdk.pulse import Pulse
from understudy.sdk.unmarked import Unmarked
from understudy.sdk.values import Opened

OVERLAY = f"__Host-understudy={TOKEN.reveal()}".encode()


class Desk:
    """A guard over one cache."""

    def __init__(self, opened: Opened | None = OPENED, *, full: bool = False) -> None:
        self.time, pulse = ManualTime(), Pulse()
        pulse.connected()
        pulse.beat(self.time.monotonic())
        self.cache = SessionCache(pulse=pulse, monotonic=self.time.monotonic)
        self.held: Held | Ended | None = None
        if opened is not None:
            self.held = self.cache.keep(opened, sent_at=self.time.monotonic(), generation=1)
        self.guard = Guard(
            cache=self.cache, monotonic=self.time.monotonic, recorder_full=lambda _: full
        )


def ask(
    cookie: bytes = OVERLAY,
    method: str = "GET",
    *paths: str,
    overrides: Iterable[str] = (),
    authorization: bool = False,
    socket: bool = False,
    mark: str | None = "ses_1",
    unmarked: Unmarked = Unmarked.BY_METHOD,
) -> Asked:
    methods = methods_of(method, overrides)
    mark = mark if cookie == OVERLAY else None
    paths = paths or ("/orders",)
    return Asked(cookie, methods, paths, authorization, socket, mark, unmarked)


@pytest.mark.parametrize("cookie", [b"", b"session=1", b"__Host-understudy-operator=uso_1"])
def test_a_request_without_an_overlay_passes(cookie: bytes) -> None:
    assert Desk().guard.decide(ask(cookie)) is PASS


def test_a_cookie_whose_name_only_ends_like_ours_passes() -> None:
    assert Desk().guard.decide(ask(b"x__Host-understudy=1")) is PASS


def test_a_live_session_is_served() -> None:
    desk = Desk()
    assert desk.guard.decide(ask()) is desk.held


def test_serving_counts_as_activity() -> None:
    desk = Desk()
    assert isinstance(desk.held, Held)
    desk.time.advance(3)
    desk.guard.decide(ask())
    assert desk.held.idle_until == desk.time.monotonic() + 600


def test_an_unknown_session_is_asked_for() -> None:
    verdict = Desk(None).guard.decide(ask())
    assert verdict == NeedsRefresh(TOKEN, token_hash(TOKEN.reveal()))


def test_a_session_without_news_is_asked_for() -> None:
    desk = Desk()
    desk.time.advance(5)
    assert isinstance(desk.guard.decide(ask()), NeedsRefresh)


def test_two_overlay_cookies_are_ambiguous() -> None:
    verdict = Desk().guard.decide(ask(OVERLAY + b"; " + OVERLAY))
    assert verdict == Refuse(HTTPStatus.BAD_REQUEST, "duplicate_cookie")


def test_an_overlay_beside_an_authorization_header_is_ambiguous() -> None:
    verdict = Desk().guard.decide(ask(authorization=True))
    assert verdict == Refuse(HTTPStatus.BAD_REQUEST, "ambiguous_credentials")


def test_an_authorization_header_alone_passes() -> None:
    assert Desk().guard.decide(ask(b"a=b", authorization=True)) is PASS


@pytest.mark.parametrize("value", [b"", b"a b", b'"quoted"', b"\xff", b"x" * 600])
def test_a_malformed_token_is_over_without_asking_anybody(value: bytes) -> None:
    verdict = Desk().guard.decide(ask(b"__Host-understudy=" + value))
    expected = Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=Ended(cause=None))
    assert verdict == expected


def test_an_ended_session_never_falls_through_to_the_agent() -> None:
    desk = Desk()
    ended = desk.cache.close("ses_1", EndCause.REVOKED)
    verdict = desk.guard.decide(ask(OVERLAY + b"; session=agent"))
    assert verdict == Refuse(HTTPStatus.UNAUTHORIZED, "session_over", ended=ended)


def test_a_blocked_action_is_forbidden_and_named() -> None:
    rule = BlockedAction(method="POST", pattern="/password", label="Change password")
    desk = Desk(an_opened(restrictions=restricted(rule)))
    verdict = desk.guard.decide(ask(OVERLAY, "POST", "/password"))
    assert verdict == Refuse(
        HTTPStatus.FORBIDDEN,
        "action_blocked",
        label="Change password",
        held=desk.held,  # type: ignore[arg-type]
    )


def test_every_reading_of_the_path_is_judged() -> None:
    rule = BlockedAction(method="GET", pattern="/export", label="Export")
    desk = Desk(an_opened(restrictions=restricted(rule)))
    verdict = desk.guard.decide(ask(OVERLAY, "GET", "/app/export", "/export"))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "action_blocked"


def test_a_method_override_is_judged() -> None:
    desk = Desk(an_opened(restrictions=restricted(scope=Scope.READ_ONLY)))
    verdict = desk.guard.decide(ask(overrides=["delete"]))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "read_only"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_read_only_serves_safe_methods(method: str) -> None:
    desk = Desk(an_opened(restrictions=restricted(scope=Scope.READ_ONLY)))
    assert isinstance(desk.guard.decide(ask(OVERLAY, method)), Held)


def test_read_only_refuses_the_rest() -> None:
    desk = Desk(an_opened(restrictions=restricted(scope=Scope.READ_ONLY)))
    verdict = desk.guard.decide(ask(OVERLAY, "POST"))
    assert verdict == Refuse(
        HTTPStatus.FORBIDDEN,
        "read_only",
        label="changes",
        held=desk.held,  # type: ignore[arg-type]
    )


def test_read_only_opens_no_socket() -> None:
    desk = Desk(an_opened(restrictions=restricted(scope=Scope.READ_ONLY)))
    verdict = desk.guard.decide(ask(socket=True))
    assert isinstance(verdict, Refuse)
    assert (verdict.status, verdict.code) == (403, "read_only")


def test_full_scope_opens_sockets() -> None:
    assert isinstance(Desk().guard.decide(ask(socket=True)), Held)


def test_nothing_passes_unrecorded_when_the_queue_is_full() -> None:
    assert Desk(full=True).guard.decide(ask()) == UNAVAILABLE


def test_ordinary_requests_of_the_app_are_never_refused_for_a_full_queue() -> None:
    assert Desk(full=True).guard.decide(ask(b"session=1")) == PASS


def test_what_read_only_means_can_be_replaced() -> None:
    class Everything:
        def judge(self, methods: Iterable[str]) -> Blocked | None:
            return None

        def judge_socket(self) -> Blocked | None:
            return None

    desk = Desk(an_opened(restrictions=restricted(scope=Scope.READ_ONLY)))
    guard = Guard(
        cache=desk.cache,
        monotonic=desk.time.monotonic,
        recorder_full=lambda _: False,
        read_only=Everything(),
    )
    assert isinstance(guard.decide(ask(OVERLAY, "POST")), Held)
    assert isinstance(guard.decide(ask(socket=True)), Held)


def test_methods_are_read_in_upper_case() -> None:
    assert tuple(methods_of("post", ())) == ("POST",)
    assert set(methods_of("get", ["put"])) == {"GET", "PUT"}


KNOWN = b"__Host-understudy-epoch=1"


def test_a_page_is_judged_before_the_rules_of_a_session_that_is_not_its_own() -> None:
    rule = BlockedAction(method="POST", pattern="/password", label="Change password")
    desk = Desk(an_opened(restrictions=restricted(rule)))
    refuse = desk.guard.decide(ask(OVERLAY, "POST", "/password", mark="ses_2"))
    assert isinstance(refuse, Refuse)
    assert (refuse.status, refuse.code) == (HTTPStatus.CONFLICT, "page_of_another_session")
    assert refuse.held is desk.held


def test_a_refused_page_is_no_activity() -> None:
    desk = Desk()
    assert isinstance(desk.held, Held)
    before = desk.held.idle_until
    desk.time.advance(60)
    desk.guard.decide(ask(OVERLAY, "POST", mark=None))
    assert desk.held.idle_until == before


def test_a_browsers_own_report_is_no_action_of_the_session() -> None:
    desk = Desk()
    for cookie in (OVERLAY, KNOWN):
        dropped = desk.guard.decide(ask(cookie, "POST", mark=None, unmarked=Unmarked.REPORT))
        assert dropped == Refuse(HTTPStatus.NO_CONTENT, "report_dropped")


def test_while_the_browser_is_known_the_agents_own_pages_are_judged_as_well() -> None:
    guard = Desk().guard
    assert guard.decide(ask(KNOWN)) is PASS
    assert guard.decide(ask(KNOWN, "POST")) == Refuse(HTTPStatus.CONFLICT, "page_unmarked")
    assert guard.decide(ask(KNOWN, socket=True)) == Refuse(HTTPStatus.CONFLICT, "page_unmarked")
    own = Asked(KNOWN, ("POST",), ("/",), mark="own")
    assert guard.decide(own) is PASS
    stale = Asked(b"", ("POST",), ("/",), mark="ses_1")
    assert guard.decide(stale) == Refuse(HTTPStatus.CONFLICT, "page_of_another_session")
