"""What was made in a session is revoked once that is over, until it succeeds."""

from __future__ import annotations

import queue
from collections.abc import Callable

import pytest

from understudy import Minted, current_impersonation
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import undoing
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway
from understudy.testing.attack import AttackBrowser, Sending

PATIENCE_SECONDS = 10


def app(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
    """Makes a key, as the user or as who works as them."""
    impersonation = current_impersonation()
    if impersonation is not None:
        impersonation.minted("api_key", "key 7")
    start_response("200 OK", [("content-type", "text/plain")])
    return [b"made"]


class Revoked:
    """The app's hook: fails ``failures`` times."""

    def __init__(self, failures: int = 0) -> None:
        self.asked: queue.SimpleQueue[Minted] = queue.SimpleQueue()
        self._failures = failures

    def __call__(self, minted: Minted) -> None:
        self.asked.put(minted)
        if self._failures:
            self._failures -= 1
            raise ConnectionError

    def next(self) -> tuple[str, str]:
        found = self.asked.get(timeout=PATIENCE_SECONDS)
        return found.kind, found.reference


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    monkeypatch.setattr(undoing, "LONGEST_PAUSE", 0.01)
    return FakeGateway()


def make_a_key(gateway: FakeGateway, understudy: Understudy) -> str:
    """In a session that goes on; its id."""
    session = gateway.open()
    browser = AttackBrowser(UnderstudyMiddleware(app, understudy=understudy), asgi=False)
    browser.plant("__Host-understudy", session.token)
    answer = browser.own(Sending(method="POST", path="/make"), {"Understudy-Page": session.id})
    assert answer.text.startswith("made")
    gateway.actions(session.id, phase=Phase.MINTED)
    return session.id


@pytest.mark.parametrize("cause", [EndCause.ENDED_BY_ACTOR, EndCause.REVOKED, EndCause.IDLE])
def test_it_is_revoked_however_the_session_ended(gateway: FakeGateway, cause: EndCause) -> None:
    understudy, revoked = gateway.understudy(), Revoked()
    understudy.on_minted(revoked)
    session_id = make_a_key(gateway, understudy)
    gateway.wait_for_followers()
    assert gateway.minted() == []  # not while it goes on
    gateway.revoke(session_id, cause)
    assert revoked.next() == ("api_key", "key 7")
    (undone,) = gateway.actions(session_id, phase=Phase.UNDONE)
    (minted,) = gateway.actions(session_id, phase=Phase.MINTED)
    assert (undone.id, undone.kind) == (minted.id, "api_key")
    assert gateway.minted() == []
    understudy.close()


def test_a_hook_that_fails_is_asked_again(gateway: FakeGateway) -> None:
    understudy, revoked = gateway.understudy(), Revoked(failures=2)
    understudy.on_minted(revoked)
    session_id = make_a_key(gateway, understudy)
    gateway.revoke(session_id)
    assert [revoked.next() for _ in range(3)] == [("api_key", "key 7")] * 3
    gateway.actions(session_id, phase=Phase.UNDONE)
    understudy.close()


def test_the_next_process_takes_up_what_one_has_left(gateway: FakeGateway) -> None:
    first = gateway.understudy()
    session_id = make_a_key(gateway, first)
    first.close()
    gateway.revoke(session_id)
    second, revoked = gateway.understudy(), Revoked()
    second.on_minted(revoked)
    second.resume()
    assert revoked.next() == ("api_key", "key 7")
    second.close()


@pytest.mark.parametrize(("kind", "reference"), [("API key", "7"), ("key", ""), ("key", "x" * 201)])
def test_what_is_no_mark_is_a_mistake(kind: str, reference: str) -> None:
    from tests.fixtures.impersonation import SESSION
    from understudy.sdk.context import Impersonation

    with pytest.raises(ValueError, match="A kind is a word"):
        Impersonation.of(SESSION).minted(kind, reference)
