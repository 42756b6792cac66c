"""Secrets that nobody reads by accident."""

from __future__ import annotations

import logging

import pytest

from understudy.sdk.secret import Secret


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret("uss_hidden")
    assert "hidden" not in f"{secret} {secret!r} {[secret]}"


def test_a_secret_stays_hidden_in_logs(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("understudy.test").warning("token %s", Secret("uss_hidden"))
    assert "hidden" not in caplog.text


def test_a_secret_is_revealed_on_request() -> None:
    assert Secret("uss_hidden").reveal() == "uss_hidden"


def test_secrets_compare_by_their_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
