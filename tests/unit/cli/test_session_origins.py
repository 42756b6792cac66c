from __future__ import annotations

import pytest

from tests.unit.cli.conftest import CommandLine, Prepared

PATTERN = "https://*.view.app.example"
CALLBACK = ("--redirect-url", "https://app.example/_understudy/callback")


def test_they_are_set_shown_and_taken_away(prepared: Prepared) -> None:
    name = ("app", "session-origins", prepared.app_id)
    for words, shown in (((), None), ((PATTERN,), PATTERN), ((), PATTERN), (("--none",), None)):
        facts = {"application_id": prepared.app_id, "session_origins": shown}
        assert prepared.facts(*name, *words) == facts
    settings = prepared.do(lambda unit: unit.applications.get(prepared.app_id)).settings
    assert settings.session_origins is None


def test_an_app_may_have_them_from_the_start(empty: CommandLine) -> None:
    made = empty.facts("app", "create", "Shop", *CALLBACK, "--session-origins", PATTERN)
    assert made["session_origins"] == PATTERN


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("https://view.app.example",), "look like"),
        (("https://*.github.io",), "public suffix"),
        (("https://*.view.vendor.example",), "dashboard"),
        ((PATTERN, "--none"), "not both"),
    ],
)
def test_what_cannot_work_is_refused(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    monkeypatch.setenv("UNDERSTUDY_PUBLIC_URL", "https://understudy.vendor.example")
    said = prepared.refused("app", "session-origins", prepared.app_id, *words)
    assert why in said
    assert said.endswith("[invalid_input]")
    made = ("app", "create", "Shop", *CALLBACK, "--session-origins", words[0])
    if "--none" not in words:
        assert why in prepared.refused(*made)


def test_an_unknown_app_has_none(prepared: Prepared) -> None:
    for words in ((), (PATTERN,)):
        said = prepared.refused("app", "session-origins", "app_nobody", *words)
        assert said.endswith("[not_found]")
