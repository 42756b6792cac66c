from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.core.text import (
    as_seen,
    cleaned,
    fault_in,
    fold_email,
    is_local_path,
    is_plain_text,
    require_id,
    require_text,
)
from understudy.errors import InvalidInput


@pytest.mark.parametrize(
    "path",
    [
        "",
        "relative",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a b",
        "/a\r\nSet-Cookie: x",
        "/a\tb",
        "/é",
    ],
)
def test_a_return_path_never_leaves_the_origin(path: str) -> None:
    assert not is_local_path(path)


@pytest.mark.parametrize("path", ["/", "/reports", "/reports?from=1&to=2#top", "/%2f%2fevil"])
def test_a_return_path_on_the_origin_is_fine(path: str) -> None:
    assert is_local_path(path)


def test_line_feeds_are_text_and_controls_are_not() -> None:
    assert is_plain_text("one\ntwo")
    assert not is_plain_text("one\rtwo")
    assert not is_plain_text("\ud800")


def test_addresses_are_compared_without_regard_to_case_and_width() -> None:
    assert fold_email(" \uff21DA@Acme.example ") == "ada@acme.example"


@pytest.mark.parametrize(
    "name",
    [
        "\u0646\u06cc\u0644\u0648\u0641\u0631\u200c\u067e\u0648\u0631",
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
        "\u0915\u094d\u200d\u0937",
        "\U0001f469\U0001f3fd\u200d\u2695\ufe0f",
        "\u2764\ufe0f\u200d\U0001f525",
    ],
)
def test_a_joiner_within_a_name_or_a_picture_is_text(name: str) -> None:
    assert fault_in(name) is None
    assert cleaned(name, joiners=True) == name
    assert cleaned(name) != name
    assert cleaned("Ada") == "Ada"


@pytest.mark.parametrize(
    "text",
    [
        "\u200dada",
        "ada\u200d",
        "a \u200db",
        "1\u200c2",
        "\U0001f469\u200c\U0001f467",
        "a\u202eb",
        "a\u200eb",
        "a\x1bb",
        "a\x00b",
        "a\ue000b",
    ],
)
def test_what_lies_to_a_reader_is_no_text_and_is_marked_where_it_is_kept(text: str) -> None:
    assert not is_plain_text(text)
    assert "\ufffd" in cleaned(text)
    assert is_plain_text(cleaned(text))


def test_a_line_feed_is_text_only_where_there_may_be_several_lines() -> None:
    assert fault_in("one\ntwo", lines=True) is None
    assert str(fault_in("one\ntwo")) == "U+000A (a control character) at character 4"


def test_a_fault_names_the_character_its_line_and_its_column() -> None:
    found = fault_in("one\ntw\u202eo", lines=True)
    assert found is not None
    assert (found.char, found.line, found.column) == ("\u202e", 2, 3)
    assert str(found) == "U+202E (RIGHT-TO-LEFT OVERRIDE) at character 3 of line 2"


def test_an_identity_holds_no_joiner() -> None:
    assert fault_in("ad\u200dmin@support.example") is None
    assert fault_in("ad\u200dmin@support.example", joiners=False) is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" Ada ", "Ada"),
        ("A\u200bd\u00ada\u2060", "Ada"),
        ("\u202eAda\u202c", "Ada"),
        ("A\u115fd\u3164a\ufe0f", "Ada"),
        ("\uff21da\x00", "Ada"),
        ("\u0041\u030a", "\u00c5"),
        ("Ada Lovelace", "Ada Lovelace"),
    ],
)
def test_what_is_compared_is_what_is_seen(text: str, shown: str) -> None:
    assert as_seen(text) == shown


def test_text_is_required_by_field_character_and_place() -> None:
    require_text(None, "name")
    require_text("Ada", "name")
    require_text("one\ntwo\u2028three", "reason", lines=True)
    with refusal_of(InvalidInput, "invalid_input", field="name") as caught:
        require_text("A\u202eda", "name")
    said = "name holds U+202E (RIGHT-TO-LEFT OVERRIDE) at character 2, which is no text."
    assert caught.value.detail == said
    with refusal_of(InvalidInput, "invalid_input", field="name"):
        require_text("A\u2028da", "name")


def test_an_id_holds_no_joiner() -> None:
    require_text("\u0915\u094d\u200d\u0937", "name")
    with refusal_of(InvalidInput, "invalid_input", field="id"):
        require_id("\u0915\u094d\u200d\u0937", "id")
