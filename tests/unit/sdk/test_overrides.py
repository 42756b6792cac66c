from __future__ import annotations

import pytest

from understudy.sdk.overrides import UNDERSTOOD, MethodOverrides


def test_a_field_of_the_query_counts_in_each_of_its_spellings() -> None:
    pairs = [("_METHOD", "delete"), (" _method ", "PUT"), ("method_of_payment", "card")]
    assert UNDERSTOOD.in_query(pairs) == ["delete", "PUT"]


@pytest.mark.parametrize(
    ("method", "kind", "named"),
    [
        ("POST", "application/x-www-form-urlencoded", True),
        ("POST", "Multipart/Form-Data; boundary=x", True),
        ("POST", "application/json", False),
        ("GET", "application/x-www-form-urlencoded", False),
    ],
)
def test_a_posted_form_may_name_another_method(method: str, kind: str, named: bool) -> None:
    assert bool(UNDERSTOOD.in_form(method, kind)) is named


def test_an_app_that_reads_none_out_of_forms_can_say_so() -> None:
    assert MethodOverrides(forms=False).in_form("POST", "multipart/form-data") == ()
