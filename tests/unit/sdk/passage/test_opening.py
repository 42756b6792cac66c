"""The opening by itself: its steps are answered by hand, without a thread or a framework."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest

from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.crossing import Crossings
from understudy.sdk.dashboard_path import DashboardPath
from understudy.sdk.guard import PASS, Asked
from understudy.sdk.passage.identity import Identity
from understudy.sdk.passage.opening import Passages
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.reply import Reply
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import Lazily, LoadUser, ReadBody, Wait
from understudy.sdk.routes import Routes
from understudy.sdk.secret import Secret
from understudy.sdk.understudy import Understudy
from understudy.sdk.unrecorded import Unrecorded
from understudy.sdk.values import Phase
from understudy.sdk.visit import Answer
from understudy.testing import FakeGateway, FakeSession


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def understudy(gateway: FakeGateway) -> Iterator[Understudy]:
    made = gateway.understudy()
    yield made
    made.close()


def passages(understudy: Understudy, *, loads: bool = True) -> Passages:
    identity = Identity(loads=loads)
    return Passages(
        understudy, Routes(understudy), identity, Unrecorded(), Crossings(understudy.client)
    )


class Embedded:
    """An app that has the dashboard under its own roof."""

    path = "/shop/understudy"

    def runs_in(self, loop: object) -> None:
        """Nothing of it is asked here."""

    def close(self) -> None:
        """Nothing was opened."""


def request(session: FakeSession | None, method: str = "GET", *, socket: bool = False) -> Request:
    cookie = f"{OVERLAY}={session.token}".encode() if session else b"session=agent"
    mark = session.id if session else None
    asked = Asked(cookie, (method,), ("/",), socket=socket, mark=mark)
    name = "WEBSOCKET" if socket else method
    return Request(asked, name, "/", "", "https://app.example", {}, None)


def known(understudy: Understudy, session: FakeSession) -> None:
    """The session is in the cache, and may be served from it."""
    runtime = understudy.runtime()
    runtime.pulse.connected()
    runtime.pulse.beat(runtime.monotonic())
    runtime.sessions.refresh(Secret(session.token))


def finished(steps: Any, answer: object) -> Any:
    """What the opening comes to once its last step is answered."""
    with pytest.raises(StopIteration) as end:
        steps.send(answer)
    return end.value.value


def test_a_request_without_a_session_takes_no_step(understudy: Understudy) -> None:
    assert finished(passages(understudy).opening(request(None)), None) is PASS


def test_a_known_session_takes_the_one_step_of_its_user(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open(subject_id="42")
    known(understudy, session)
    steps = passages(understudy).opening(request(session))
    step = next(steps)
    assert isinstance(step, LoadUser)
    assert step.subject.id == "42"
    passage = finished(steps, {"id": 42})
    assert isinstance(passage, Passage)
    assert passage.present.impersonation.user == {"id": 42}


def test_a_user_found_lazily_is_judged_when_it_is_found(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open(subject_id="42")
    known(understudy, session)
    steps = passages(understudy).opening(request(session))
    step = next(steps)
    assert isinstance(step, LoadUser)
    lazy = object()
    passage = finished(steps, Lazily(lazy))
    assert passage.present.impersonation.user is lazy
    assert step.found({"id": 42})
    assert Reply(passage).start(200, []) is None
    assert not step.found(None)
    refusal = Reply(passage).start(200, [])
    assert isinstance(refusal, Answer)
    assert (refusal.status, b"identity_not_applied" in refusal.body) == (401, True)
    assert gateway.wait_until_ended(session.id)


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("", "/shop/understudy"),
        ("", "/shop/understudy/api/v1/me"),
        ("/shop", "/understudy/"),
        ("/shop", "/shop/understudy/"),
    ],
)
def test_a_session_reaches_nothing_of_the_dashboard_that_its_app_serves(
    gateway: FakeGateway, understudy: Understudy, base: str, path: str
) -> None:
    session = gateway.open()
    known(understudy, session)
    opener = Passages(
        understudy,
        Routes(understudy),
        Identity(loads=True),
        Unrecorded(),
        Crossings(understudy.client),
        dashboard=DashboardPath(Embedded()),
    )
    answer = finished(opener.opening(request(session)._replace(base=base, path=path)), None)
    assert isinstance(answer, Answer)
    assert (answer.status, b'"nested"' in answer.body) == (403, True)
    beside = opener.opening(request(session)._replace(base=base, path="/understudies"))
    assert isinstance(next(beside), LoadUser)
    assert finished(opener.opening(request(None)._replace(path=path)), None) is PASS


def test_an_unsafe_action_waits_until_the_log_has_its_intent(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open()
    known(understudy, session)
    steps = passages(understudy, loads=False).opening(request(session, "POST"))
    step = next(steps)
    assert isinstance(step, Wait)
    step.future.result(5)
    assert isinstance(finished(steps, None), Passage)
    assert [action.phase for action in gateway.actions(session.id)] == [Phase.INTENDED]


def test_an_intent_that_nobody_waits_for_any_more_is_told_that_nothing_came_of_it(
    gateway: FakeGateway, understudy: Understudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = gateway.open()
    known(understudy, session)
    under_way: Future[None] = Future()
    monkeypatch.setattr(understudy.runtime().calls, "submit", lambda _: under_way)
    steps = passages(understudy, loads=False).opening(request(session, "POST"))
    next(steps)
    steps.close()
    assert [(a.phase, a.status) for a in gateway.actions(session.id)] == [(Phase.COMPLETED, 503)]


FORM = {
    "accept": "text/html",
    "sec-fetch-dest": "document",
    "content-type": "application/x-www-form-urlencoded",
}


@pytest.mark.parametrize("scope", Scope)
def test_whoever_goes_away_while_their_refused_form_is_read_takes_nothing_out_of_the_log(
    gateway: FakeGateway, understudy: Understudy, scope: Scope
) -> None:
    session = gateway.open(scope=scope)
    known(understudy, session)
    steps = passages(understudy).opening(request(session, "POST")._replace(headers=FORM))
    step = next(steps)
    if isinstance(step, LoadUser):
        step = steps.send(None)
    assert isinstance(step, ReadBody)
    steps.close()
    assert [action.phase for action in gateway.actions(session.id)] == [Phase.BLOCKED]


def test_at_the_origin_of_a_session_that_is_over_what_was_typed_is_given_back(
    gateway: FakeGateway,
) -> None:
    understudy = gateway.understudy(session_origins="https://*.view.example")
    origin = f"https://understudy-{'a' * 26}.view.example"
    session = gateway.open(origin=origin)
    gateway.revoke(session.id)
    # By then the cookie may be gone as well.
    for cookie in (session, None):
        late = request(cookie, "POST")._replace(headers=FORM, origin=origin)
        steps = passages(understudy).opening(late)
        step = next(steps)
        while isinstance(step, Wait):
            step.future.exception(5)
            step = steps.send(None)
        answer = finished(steps, b"text=Dear+Ada&password=geheim")
        assert (answer.status, b"Dear Ada</textarea>" in answer.body) == (410, True)
        assert b"geheim" not in answer.body
    understudy.close()


def test_a_socket_of_another_site_is_turned_away_before_anything_is_done(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open()
    known(understudy, session)
    refusal = finished(passages(understudy).opening(request(session, socket=True)), None)
    assert isinstance(refusal, Answer)
    assert (refusal.status, b"origin_refused" in refusal.body) == (403, True)
    assert [action.rule for action in gateway.actions(session.id)] == ["origin_refused"]


def proxied(session: FakeSession, host: str) -> Request:
    return request(session, socket=True)._replace(headers={"origin": f"https://{host}"})


def test_behind_a_proxy_that_changes_the_host_the_registered_address_tells_our_own_sockets(
    gateway: FakeGateway, understudy: Understudy
) -> None:
    session = gateway.open()
    known(understudy, session)
    understudy.client = replace(understudy.client, redirect_url="https://shop.example/cb")
    opening = passages(understudy, loads=False)
    step = next(opening.opening(proxied(session, "shop.example")))
    assert isinstance(step, Wait)
    step.future.result(5)
    refusal = finished(opening.opening(proxied(session, "evil.example")), None)
    assert (refusal.status, b"origin_refused" in refusal.body) == (403, True)
