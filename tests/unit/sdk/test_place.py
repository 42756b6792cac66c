"""Which place a Host names."""

from __future__ import annotations

import pytest

from understudy.core.applications.session_origins import SessionOrigins
from understudy.sdk.place import NOWHERE, OWN_HOST, Places, SessionOrigin

LABEL = "understudy-" + "a" * 26
PLACES = Places(SessionOrigins.parse("https://*.view.app.example"))


def test_a_label_below_the_pattern_is_the_origin_of_one_session() -> None:
    assert PLACES.of(f"{LABEL}.view.app.example") == SessionOrigin(
        f"https://{LABEL}.view.app.example"
    )


@pytest.mark.parametrize("host", ["app.example", "view.app.example", "", "understudy.example"])
def test_every_other_host_is_the_apps_own(host: str) -> None:
    assert PLACES.of(host) is OWN_HOST


@pytest.mark.parametrize(
    "host",
    [
        "shop.view.app.example",
        "understudy-abc.view.app.example",
        f"a.{LABEL}.view.app.example",
        f"{LABEL}.a.view.app.example",
        f"{LABEL}.view.app.example:8443",
        f"{LABEL}.elsewhere.example",
    ],
)
def test_what_is_no_label_where_labels_are_is_nowhere(host: str) -> None:
    assert PLACES.of(host) is NOWHERE


def test_an_app_that_does_not_know_its_setting_serves_no_label() -> None:
    assert Places().of(f"{LABEL}.view.app.example") is NOWHERE
    assert Places().of("shop.view.app.example") is OWN_HOST


@pytest.mark.parametrize("address", [None, "", "null", "https://app.example/a"])
def test_an_address_elsewhere_is_not_at_a_label(address: str | None) -> None:
    assert PLACES.of_address(address) is OWN_HOST


def test_an_address_at_a_label_is_seen_whatever_its_path() -> None:
    assert PLACES.of_address(f"https://{LABEL.upper()}.view.app.example/a?b") == SessionOrigin(
        f"https://{LABEL}.view.app.example"
    )
