"""How a session that was started in the app comes to an origin of its own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.sdk.desk import FORM, REASON, SCRIPT, Desk, cookies_of, home_of, open_desk
from tests.unit.sdk.visiting import ORIGIN, PERSON, all_of, body, header
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.values import Opened, Presented
from understudy.sdk.visit import Answer

PATTERN = "https://*.view.app.test"
ONE, OTHER = (f"https://understudy-{letter * 26}.view.app.test" for letter in "ab")


class Browser:
    """Cookies by origin, and a person who goes where answers lead."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.jar: dict[str, dict[str, str]] = {}

    def cookies(self, origin: str) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.jar.get(origin, {}).items())

    def keep(self, origin: str, answer: Answer) -> None:
        kept = self.jar.setdefault(origin, {})
        for cookie in all_of(answer, "set-cookie"):
            name, _, rest = cookie.partition("=")
            value, _, attributes = rest.partition(";")
            if "Max-Age=0" in attributes:
                kept.pop(name, None)
            else:
                kept[name] = value

    def go(self, url: str, *headers: tuple[str, str]) -> Answer:
        """Open ``url``; redirects are not followed."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        answer = self.desk.visit(
            "GET",
            parts.path,
            *(headers or PERSON),
            query=parts.query,
            cookie=self.cookies(origin) or None,
            origin=origin,
        )
        self.keep(origin, answer)
        return answer

    def start(self) -> str:
        """Press the button, and learn where to go."""
        answer = self.desk.start()
        self.keep(ORIGIN, answer)
        assert f"{OVERLAY}=" not in str(answer.headers)
        return str(body(answer)["home"])

    def follow(self, url: str, times: int = 3) -> Answer:
        """Go on for so many steps."""
        answer = self.go(url)
        for _ in range(times - 1):
            answer = self.go(header(answer, "location"))
        return answer


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk(session_origins=PATTERN, home_of=home_of) as desk:
        desk.gateway.origin = ONE
        yield desk


def refused(desk: Desk, answer: Answer) -> bool:
    told = b"The session did not start" in answer.body
    return told and answer.status == 400 and "exchange" not in desk.gateway.calls


def test_a_start_leads_to_the_sessions_own_origin(desk: Desk) -> None:
    kim = Browser(desk)
    arrived = kim.follow(kim.start())
    assert (arrived.status, header(arrived, "location")) == (303, "/finance")
    assert set(kim.jar[ONE]) == {OVERLAY, "__Host-understudy-back"}
    assert kim.jar[ORIGIN] == {}
    state = body(desk.visit("GET", "/_understudy/status", cookie=kim.cookies(ONE), origin=ONE))
    assert (state["impersonating"], state["session"]) == (True, desk.gateway.sessions()[0].id)


def test_its_end_leads_back_to_the_apps_own_host(desk: Desk) -> None:
    kim = Browser(desk)
    kim.follow(kim.start())
    end = ("sec-fetch-site", "same-origin")
    for headers in ((end,), FORM):
        answer = desk.visit(
            "POST", "/_understudy/end", *headers, cookie=kim.cookies(ONE), origin=ONE
        )
        back = f"{ORIGIN}/admin/users?page=2"
        assert answer.status == 200
        if headers == FORM:
            assert header(answer, "refresh") == f"0; url={back}"
        else:
            assert body(answer)["return_to"] == back
    (session,) = desk.gateway.sessions()
    assert desk.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


def test_a_form_is_led_there_by_a_page_which_no_form_action_stops(desk: Desk) -> None:
    answer = desk.start({"subject_id": "ada", "reason": REASON}, *FORM)
    assert answer.status == 200
    assert header(answer, "refresh").startswith(f"0; url={ONE}/_understudy/arrive?from=")


def test_neither_an_address_nor_a_cookie_on_the_way_shows_the_token(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, exchange, tokens = Browser(desk), desk.gateway.exchange, []

    def noted(presented: Presented) -> Opened:
        tokens.append(presented.token.reveal())
        return exchange(presented)

    monkeypatch.setattr(desk.gateway, "exchange", noted)
    target, seen = kim.start(), []
    for _ in range(3):
        seen += [target, str(kim.jar)]
        target = header(kim.go(target), "location")
    (token,) = tokens
    assert not any(token in text for text in seen)


def test_s6_a_colleague_who_is_led_there_arrives_nowhere(desk: Desk) -> None:
    mallory, kim = Browser(desk), Browser(desk)
    target = mallory.start()
    asked = kim.go(target)
    assert refused(desk, kim.go(header(asked, "location")))
    code = header(mallory.go(header(mallory.go(target), "location")), "location")
    assert refused(desk, kim.go(code))
    assert mallory.go(code).status == 303


def test_s6_a_code_for_another_nonce_is_none(desk: Desk) -> None:
    mallory, kim = Browser(desk), Browser(desk)
    code = mallory.follow(mallory.start(), 2)
    kim.follow(kim.start(), 1)
    assert refused(desk, kim.go(header(code, "location")))


def test_a_start_leads_to_the_origin_of_its_own_grant_alone(desk: Desk) -> None:
    kim = Browser(desk)
    code = urlsplit(header(kim.follow(kim.start(), 2), "location"))
    kim.jar[OTHER] = kim.jar[ONE]
    assert refused(desk, kim.go(f"{OTHER}{code.path}?{code.query}"))


def test_only_an_address_that_we_sealed_is_gone_to(desk: Desk) -> None:
    kim = Browser(desk)
    parts = urlsplit(kim.start())
    seal = parse_qs(parts.query)["seal"][0]
    for origin, hand in ((ONE, "https://evil.test/"), (OTHER, f"{ORIGIN}/_understudy/hand")):
        answer = kim.go(f"{origin}/_understudy/arrive?from={hand}&seal={seal}")
        assert refused(desk, answer)
        assert "location" not in dict(answer.headers)


def test_nobody_arrives_twice(desk: Desk) -> None:
    kim = Browser(desk)
    code = header(kim.follow(kim.start(), 2), "location")
    before = dict(kim.jar[ONE])
    assert kim.go(code).status == 303
    kim.jar[ONE] = before
    assert b"The session did not start" in kim.go(code).body
    assert desk.gateway.calls.count("exchange") == 2
    # As natively: whoever has it twice may have stolen it.
    assert desk.gateway.ended(desk.gateway.sessions()[0].id) is EndCause.TOKEN_REPLAYED


@pytest.mark.parametrize("step", [0, 1, 2])
@pytest.mark.parametrize(
    "headers",
    [[("sec-purpose", "prefetch")], [("sec-fetch-dest", "iframe")], [("sec-fetch-dest", "image")]],
)
def test_what_nobody_goes_to_uses_nothing_up(
    desk: Desk, step: int, headers: list[tuple[str, str]]
) -> None:
    kim = Browser(desk)
    target = kim.start()
    for _ in range(step):
        target = header(kim.go(target), "location")
    assert refused(desk, kim.go(target, *headers))
    left = kim.follow(target, 3 - step)
    assert (left.status, header(left, "location")) == (303, "/finance")


@pytest.mark.parametrize("step", [0, 1, 2])
def test_nested_nobody_arrives_over_a_session(desk: Desk, step: int) -> None:
    kim = Browser(desk)
    target = kim.start()
    for _ in range(step):
        target = header(kim.go(target), "location")
    parts = urlsplit(target)
    kim.jar.setdefault(f"{parts.scheme}://{parts.netloc}", {})[OVERLAY] = "uss_another"
    assert kim.go(target).status == 403
    assert "exchange" not in desk.gateway.calls


@pytest.mark.parametrize(
    "address",
    [
        f"{ORIGIN}/_understudy/arrive?from=x&seal=y",
        f"{ORIGIN}/_understudy/arrive?code=x",
        f"{ONE}/_understudy/hand?challenge={'a' * 43}",
        f"{ONE}/_understudy/arrive",
        f"{ONE}/_understudy/arrive?code=",
        f"{ONE}/_understudy/arrive?code=x&code=y",
        f"{ORIGIN}/_understudy/hand?challenge=short",
        f"{ORIGIN}/_understudy/hand",
    ],
)
def test_nothing_comes_of_addresses_that_somebody_made_up(desk: Desk, address: str) -> None:
    kim = Browser(desk)
    kim.start()
    assert refused(desk, kim.go(address))


def test_without_staff_these_addresses_are_none(desk: Desk) -> None:
    desk.routes = type(desk.routes)(desk.understudy)
    for name in ("hand", "arrive"):
        assert desk.visit("GET", f"/_understudy/{name}", *PERSON).status == 404


def test_behind_a_proxy_the_way_back_has_the_scheme_of_browsers(desk: Desk) -> None:
    answer = desk.visit(
        "POST",
        "/_understudy/start",
        *SCRIPT,
        ("content-type", "application/json"),
        body=b'{"subject_id": "ada", "reason": "Cannot see the invoice"}',
        request={"signed_in_as": "kim"},
        origin=ORIGIN.replace("https", "http"),
    )
    query = parse_qs(urlsplit(str(body(answer)["home"])).query)
    assert query["from"] == [f"{ORIGIN}/_understudy/hand"]
    assert cookies_of(answer).startswith("__Host-understudy-started=")
