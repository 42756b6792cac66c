"""Where the SDK's own pages are in one app."""

from __future__ import annotations

import pytest

from tests.unit.sdk.visiting import App
from understudy.sdk.routes import Routes
from understudy.sdk.visit import Visit


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/_understudy", True),
        ("/_understudy/", True),
        ("/_understudy/state", True),
        ("/_understudyx", False),
        ("/a/_understudy/state", False),
        ("/", False),
    ],
)
def test_its_own_addresses_are_known(app: App, path: str, ours: bool) -> None:
    assert app.routes.owns(path) is ours


def test_a_home_on_another_site_is_not_taken(app: App) -> None:
    assert Routes(app.understudy, home="https://evil.test").home == "/"


def test_the_banner_finds_its_parts_below_the_mount_point(app: App) -> None:
    links = app.routes.links("/shop")
    assert links.end == "/shop/_understudy/end"
    assert links.back == "/shop/home"


@pytest.mark.parametrize(
    ("referrer", "page"),
    [
        ("https://app.test/shop/orders?a=b", "/shop/orders?a=b"),
        ("https://app.test/shop/orders?_understudy_page=ses_1&a=b", "/shop/orders?a=b"),
        ("https://app.test/shop/_understudy/end", "/shop/home"),
        ("https://evil.test/shop/orders", "/shop/home"),
        (None, "/shop/home"),
    ],
)
def test_the_page_that_is_left_is_one_of_the_apps_own(
    app: App, referrer: str | None, page: str
) -> None:
    headers = (("referer", referrer),) if referrer else ()
    visit = Visit(method="POST", origin="https://app.test", base="/shop", headers=headers)
    assert app.routes.page_left(visit) == page


@pytest.mark.parametrize(("streams", "events"), [(True, "/shop/_understudy/events"), (False, None)])
def test_the_banner_is_told_of_a_stream_where_there_is_one(
    app: App, streams: bool, events: str | None
) -> None:
    assert Routes(app.understudy, streams=streams).links("/shop").events == events
