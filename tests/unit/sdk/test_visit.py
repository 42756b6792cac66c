"""Requests to the SDK's own pages, and its answers."""

from __future__ import annotations

import json

import pytest

from understudy.errors import MalformedRequest
from understudy.sdk.visit import Answer, Visit, json_answer, problem, see_other, wants_page


def visit(query: str = "", *headers: tuple[str, str]) -> Visit:
    return Visit(method="GET", origin="https://app.test", base="", query=query, headers=headers)


def test_a_header_is_found_by_name() -> None:
    assert visit("", ("host", "a"), ("host", "b")).header("host") == "a"
    assert visit().header("host") is None


def test_cookies_of_several_headers_are_one() -> None:
    assert visit("", ("cookie", "a=1"), ("cookie", "b=2")).cookie == b"a=1; b=2"


def test_parameters_are_decoded() -> None:
    assert visit("a=1&b=%20x&c=").parameters() == {"a": "1", "b": " x", "c": ""}


@pytest.mark.parametrize("query", ["a=1&a=1", "a=1&b=2&a=3", "a=&a", "x=" + "y" * 5000, "&" * 60])
def test_doubtful_parameters_are_refused(query: str) -> None:
    with pytest.raises(MalformedRequest) as refused:
        visit(query).parameters()
    assert refused.value.code == "malformed_request"


def test_an_answer_is_private_unless_it_says_otherwise() -> None:
    assert dict(Answer(body=b"abc").all_headers()) == {
        "cache-control": "no-store",
        "x-accel-expires": "0",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-length": "3",
    }
    public = Answer(headers=(("cache-control", "public"),))
    assert dict(public.all_headers())["cache-control"] == "public"
    assert "x-accel-expires" not in dict(public.all_headers())


def test_an_answer_without_a_body_names_no_length() -> None:
    assert "content-length" not in dict(Answer(status=304).all_headers())


def test_headers_are_added() -> None:
    answer = Answer(headers=(("a", "1"),)).with_headers(("b", "2"))
    assert answer.headers == (("a", "1"), ("b", "2"))


def test_a_redirect_never_repeats_a_post() -> None:
    answer = see_other("/home", "a=1", "b=2")
    assert answer.status == 303
    assert answer.headers == (("location", "/home"), ("set-cookie", "a=1"), ("set-cookie", "b=2"))


def test_a_json_answer_is_one() -> None:
    assert json.loads(json_answer({"a": None}).body) == {"a": None}


def test_a_problem_has_a_code() -> None:
    answer = problem(403, "read_only", "No.", rule=None, cause="idle")
    assert json.loads(answer.body) == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "No.",
        "code": "read_only",
        "cause": "idle",
    }
    assert ("content-type", "application/problem+json") in answer.headers


def test_a_401_names_a_scheme() -> None:
    assert ("www-authenticate", "Understudy") in problem(401, "session_over", "Over.").headers


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-dest": "document"},
        {"sec-fetch-dest": "iframe", "accept": "*/*"},
        {"accept": "text/html,application/xhtml+xml"},
    ],
)
def test_people_get_pages(headers: dict[str, str]) -> None:
    assert wants_page(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept": "*/*"},
        {"accept": "application/json"},
        {"sec-fetch-dest": "empty", "accept": "text/html"},
        {"sec-fetch-dest": "image"},
        {"hx-request": "true", "accept": "text/html"},
        {"x-requested-with": "XMLHttpRequest", "accept": "text/html"},
    ],
)
def test_programs_get_problems(headers: dict[str, str]) -> None:
    assert not wants_page(headers)
