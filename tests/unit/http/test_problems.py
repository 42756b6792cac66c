from __future__ import annotations

import inspect
import json
from dataclasses import replace

import pytest

from understudy import errors
from understudy.errors import Refused, UnderstudyError
from understudy.http.incoming import Headers, Incoming
from understudy.http.problems import TITLES, problem_of, problem_response
from understudy.http.shapes import Problem

ALL = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, UnderstudyError)
]


def make(kind: type[UnderstudyError]) -> UnderstudyError:
    return Refused(rule="nested") if kind is Refused else kind()


def request(**headers: str) -> Incoming:
    raw = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return Incoming(request_id="request-1", address=None, headers=Headers(raw))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.code)
def test_every_error_has_a_title_and_becomes_a_problem(kind: type[UnderstudyError]) -> None:
    assert kind in TITLES, f"give {kind.__name__} a title in service/problems.py"
    problem = problem_of(make(kind), "request-1")
    assert problem.status == kind.status
    assert problem.request_id == "request-1"
    assert problem.type == f"/docs#problem-{problem.code}"


def test_a_problem_carries_what_the_error_knows() -> None:
    assert problem_of(Refused("No.", rule="nested"), "r") == Problem(
        type="/docs#problem-refused",
        title="A rule refused this",
        status=403,
        detail="No.",
        code="refused",
        request_id="r",
        rule="nested",
    )
    error = errors.InvalidInput("Wrong.", facts={"field": "actor.id"})
    assert problem_of(error, "r").field == "actor.id"


def test_below_a_mount_the_type_is_an_address_of_the_mounts() -> None:
    below = replace(request(), base="/understudy")
    for asked, base in ((request(), ""), (below, "/understudy")):
        told = json.loads(bytes(problem_response(errors.NotFound(), asked).body))
        assert told["type"] == f"{base}/docs#problem-not_found"


def test_what_is_internal_stays_inside() -> None:
    error = errors.StorageBusy(internal="host db-1 is locked")
    assert "db-1" not in str(problem_of(error, "r"))
    assert "wrong key" not in str(problem_of(errors.KeyMismatch("wrong key at /srv"), "r"))
    assert "boom" not in str(problem_of(RuntimeError("boom"), "r"))
    assert problem_of(RuntimeError("boom"), "r").code == "internal_error"


def test_a_damaged_log_is_named() -> None:
    assert problem_of(errors.LogForked(), "r").code == "log_forked"


def test_callers_are_told_when_to_try_again() -> None:
    error = errors.TooManyRequests(facts={"retry_after_seconds": 42})
    assert problem_response(error, request()).headers["retry-after"] == "42"
    assert problem_response(errors.StorageBusy(), request()).headers["retry-after"] == "1"
    assert "retry-after" not in problem_response(errors.NotFound(), request()).headers


def test_the_challenge_suits_the_caller() -> None:
    error = errors.NotSignedIn()
    backend = problem_response(error, request()).headers["www-authenticate"]
    browser = problem_response(error, request(sec_fetch_site="same-origin"))
    wrong = problem_response(error, request(sec_fetch_site="none", authorization="Basic x"))
    assert backend == 'Basic realm="Understudy", charset="UTF-8"'
    assert browser.headers["www-authenticate"] == 'OperatorSession realm="Understudy"'
    assert wrong.headers["www-authenticate"] == backend


def test_the_allowed_methods_are_named() -> None:
    error = errors.MethodNotAllowed(facts={"allow": "GET"})
    assert problem_response(error, request()).headers["allow"] == "GET"
