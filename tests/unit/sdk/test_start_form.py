"""What staff send to start an impersonation."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import BodyTooLarge, MalformedRequest, UnsupportedMediaType
from understudy.sdk.start_form import MAX_BODY, Wanted, read_typed, read_wanted
from understudy.sdk.visit import Headers, Visit

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FIELDS = {"subject_id": "42", "reason": "why"}


def visit(kind: str, length: int | None) -> Visit:
    headers: Headers = (("content-type", kind),)
    if length is not None:
        headers = (*headers, ("content-length", str(length)))
    return Visit(method="POST", origin="https://app.test", base="", headers=headers)


def read(body: bytes, kind: str = JSON) -> Wanted:
    return read_wanted(visit(kind, len(body)), body)


@pytest.mark.parametrize("kind", [JSON, "Application/JSON; charset=utf-8"])
def test_json_says_whom_and_why(kind: str) -> None:
    body = {**FIELDS, "ticket": "T-1", "minutes": 5, "scope": "read_only"}
    assert read(json.dumps(body).encode(), kind) == Wanted(
        subject_id="42", reason="why", ticket="T-1", minutes=5, scope=Scope.READ_ONLY
    )


def test_a_form_says_the_same_in_its_own_way() -> None:
    body = {**FIELDS, "reason": "Grüße", "ticket": "", "minutes": "5", "scope": "full", "csrf": "x"}
    assert read(urlencode(body).encode(), FORM) == Wanted(
        subject_id="42", reason="Grüße", ticket=None, minutes=5, scope=Scope.FULL
    )


def test_an_app_may_number_its_users() -> None:
    assert read(b'{"subject_id": 42, "reason": "why"}').subject_id == "42"


def test_a_missing_reason_is_left_to_the_rules() -> None:
    assert read(b'{"subject_id": "42"}').reason == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject_id": None}, "subject_id"),
        ({"subject_id": ""}, "subject_id"),
        ({"subject_id": True}, "subject_id"),
        ({"subject_id": 4.2}, "subject_id"),
        ({"subject_id": "x" * 256}, "subject_id"),
        ({"subject_id": "4\x002"}, "subject_id"),
        ({"reason": 7}, "reason"),
        ({"ticket": ["T"]}, "ticket"),
        ({"minutes": True}, "minutes"),
        ({"minutes": 1.5}, "minutes"),
        ({"minutes": "1e1"}, "minutes"),
        ({"minutes": "9" * 19}, "minutes"),
        ({"minutes": "9" * 5000}, "minutes"),
        ({"scope": "root"}, "scope"),
        ({"actor": {"id": "boss"}}, "actor"),
    ],
)
def test_what_is_no_such_thing_is_refused_with_its_name(
    changes: dict[str, Any], field: str
) -> None:
    with refusal_of(MalformedRequest, "malformed_request", field=field):
        read(json.dumps({**FIELDS, **changes}).encode())


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", JSON),
        (b"[]", JSON),
        (b'"42"', JSON),
        (b"{", JSON),
        (b"\xff", JSON),
        (b"[" * MAX_BODY, JSON),
        (b'{"subject_id": "1", "subject_id": "2", "reason": "why"}', JSON),
        (b"subject_id=1&subject_id=2&reason=why", FORM),
        (b"subject_id=1&reason=%ff", FORM),
        (b"subject_id=1&reason=\xff", FORM),
        (b"&".join(b"a%d=" % number for number in range(60)), FORM),
    ],
)
def test_what_not_everybody_reads_alike_is_refused(body: bytes, kind: str) -> None:
    with refusal_of(MalformedRequest, "malformed_request"):
        read(body, kind)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/jsonp", ""])
def test_another_kind_is_refused(kind: str) -> None:
    with refusal_of(UnsupportedMediaType, "unsupported_media_type"):
        read(json.dumps(FIELDS).encode(), kind)


def test_a_body_has_an_end() -> None:
    most = json.dumps({**FIELDS, "reason": ""}).encode()
    whole = most.replace(b'""', b'"' + b"x" * (MAX_BODY - len(most)) + b'"')
    assert len(read(whole).reason) == MAX_BODY - len(most)
    with refusal_of(BodyTooLarge, "body_too_large"):
        read(whole + b" ")


@pytest.mark.parametrize("length", [30, None])
def test_half_a_form_is_none(length: int | None) -> None:
    cut = b"reason=why&subject_id=4"
    with refusal_of(MalformedRequest, "malformed_request"):
        read_wanted(visit(FORM, length), cut)


def test_json_without_its_length_has_an_end_of_its_own() -> None:
    assert read_wanted(visit(JSON, None), json.dumps(FIELDS).encode()).subject_id == "42"


# --- what is given back ---


def test_of_a_form_only_what_somebody_typed_is_given_back() -> None:
    body = {**FIELDS, "ticket": "T-1", "minutes": "soon", "scope": "full", "csrf": "x"}
    assert read_typed(visit(FORM, None), urlencode(body).encode()) == [
        ("Reason", "why"),
        ("Ticket", "T-1"),
        ("Minutes", "soon"),
    ]


@pytest.mark.parametrize("kind", [JSON, "text/plain", ""])
def test_a_script_has_what_it_sent(kind: str) -> None:
    assert read_typed(visit(kind, None), b"reason=why") == []
