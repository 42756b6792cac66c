"""Calls that block, beside those who need them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import TokenInvalid, Unavailable
from understudy.sdk import calls as calls_module
from understudy.sdk.calls import Calls


@pytest.fixture
def calls() -> Iterator[Calls]:
    calls = Calls()
    yield calls
    calls.close()


def test_a_call_runs_on_another_thread(calls: Calls) -> None:
    assert calls.submit(threading.get_ident).result(5) != threading.get_ident()


def test_a_call_brings_its_error_back(calls: Calls) -> None:
    def refuse() -> None:
        raise TokenInvalid

    with refusal_of(TokenInvalid, "token_invalid"):
        calls.submit(refuse).result(5)


def test_whoever_asks_the_same_meanwhile_shares_the_answer(calls: Calls) -> None:
    gate, asked = threading.Event(), []

    def work() -> str:
        asked.append(1)
        gate.wait(5)
        return "answer"

    first, second = calls.share(b"key", work), calls.share(b"key", work)
    gate.set()
    assert (first.result(5), second.result(5)) == ("answer", "answer")
    assert asked == [1]


def test_whoever_asks_later_asks_anew(calls: Calls) -> None:
    answers = iter(["first", "second"])
    assert calls.share(b"key", lambda: next(answers)).result(5) == "first"
    assert calls.share(b"key", lambda: next(answers)).result(5) == "second"


def test_other_questions_are_not_shared(calls: Calls) -> None:
    assert calls.share(b"a", lambda: "a").result(5) == "a"
    assert calls.share(b"b", lambda: "b").result(5) == "b"


def test_too_many_waiting_calls_are_refused_at_once(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls_module, "MAX_WAITING", 2)
    gate = threading.Event()
    waiting = [calls.submit(gate.wait), calls.submit(gate.wait)]
    with refusal_of(Unavailable, "unavailable"):
        calls.submit(lambda: None)
    gate.set()
    assert [future.result(5) for future in waiting] == [True, True]
    calls_left = calls.submit(lambda: "room again")
    assert calls_left.result(5) == "room again"


def test_a_closed_app_calls_nobody(calls: Calls) -> None:
    calls.submit(lambda: None).result(5)
    calls.close()
    with refusal_of(Unavailable, "unavailable"):
        calls.submit(lambda: None)


def test_closing_before_the_first_call_is_harmless() -> None:
    Calls().close()
