from __future__ import annotations

import msgspec
import pytest

from understudy.http.shapes import Email, Id, Input, NewPassword, Time


class Body(Input, frozen=True, kw_only=True):
    name: str


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `role`"):
        msgspec.convert({"name": "Ada", "role": "admin"}, Body)


REFUSED: list[tuple[object, str]] = [
    (Id, ""),
    (Id, "a" * 256),
    (Id, "ada\n"),
    (Id, "a\x00da"),
    (Email, "ada"),
    (Email, "ada@acme.example\n"),
    (Email, "a da@acme.example"),
    (Email, "a@b@c"),
    (NewPassword, "elevenchars"),
    (Time, "2026-01-05T09:00:00"),
]


@pytest.mark.parametrize(("shape", "text"), REFUSED)
def test_a_text_out_of_shape_is_refused(shape: object, text: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected"):
        msgspec.convert(text, shape)


@pytest.mark.parametrize(
    ("shape", "text"),
    [(Id, "a" * 255), (Id, "Zoë/7 x"), (Email, "a@b"), (NewPassword, "twelve chars")],
)
def test_a_text_at_the_edge_is_taken(shape: object, text: str) -> None:
    assert msgspec.convert(text, shape) == text
