from __future__ import annotations

from datetime import UTC, datetime

import pytest

from understudy.sdk.cleaning import (
    PATH_LENGTH,
    TABLE_LENGTH,
    USER_AGENT_LENGTH,
    clean_action,
    clean_text,
    stand_in,
)
from understudy.sdk.values import Phase, RecordedAction

ACTION = RecordedAction(
    "a1b2c3d4",
    Phase.COMPLETED,
    datetime(2027, 3, 1, tzinfo=UTC),
    "GET",
    "/orders/1",
    "/orders/{id}",
    200,
    3,
    None,
    "192.0.2.1",
    "Mozilla/5.0",
)


def test_what_the_service_takes_is_left_as_it_is() -> None:
    assert clean_action(ACTION) is ACTION


@pytest.mark.parametrize("char", ["\x00", "\n", "\u2028", "\u2029", "\x1b", "\u202e", "\ud800"])
def test_a_character_that_is_no_text_is_marked_and_spoils_nothing_else(char: str) -> None:
    cleaned = clean_action(ACTION._replace(path=f"/x{char}y", user_agent=f"a{char}"))
    assert (cleaned.path, cleaned.user_agent) == ("/x\ufffdy", "a\ufffd")
    assert cleaned._replace(path=ACTION.path, user_agent=ACTION.user_agent) == ACTION


def test_what_is_too_long_is_cut() -> None:
    cleaned = clean_action(
        ACTION._replace(path="/" * 9_000, user_agent="u" * 9_000, table="t" * 9_000)
    )
    assert cleaned.user_agent is not None
    assert cleaned.table == "t" * TABLE_LENGTH
    assert (len(cleaned.path), len(cleaned.user_agent)) == (PATH_LENGTH, USER_AGENT_LENGTH)


@pytest.mark.parametrize("method", ["M" * 40, "get it", "", "MÉTHODE"])
def test_a_method_that_nobody_knows_is_another(method: str) -> None:
    assert clean_action(ACTION._replace(method=method)).method == "OTHER"


def test_letters_of_every_script_are_text() -> None:
    assert clean_text("/سفارش/注文/заказ", 100) == "/سفارش/注文/заказ"


def test_a_stand_in_says_when_and_how_it_went_and_none_of_the_words() -> None:
    told = stand_in(ACTION)
    assert (told.id, told.at, told.status) == (ACTION.id, ACTION.at, ACTION.status)
    assert ACTION.path not in told
    assert told.user_agent is None
