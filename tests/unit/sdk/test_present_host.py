"""The app's own address in place of a session's."""

from __future__ import annotations

import pytest

from understudy.errors import SetupError
from understudy.sdk.present_host import PresentHost

SHOWN = "https://understudy-a.view.app.example"
HOST = PresentHost("https://app.example")


def test_the_app_sees_its_own_address() -> None:
    asked = [
        (b"host", b"understudy-a.view.app.example"),
        (b"origin", SHOWN.encode()),
        (b"referer", SHOWN.encode() + b"/a?b"),
        (b"accept", SHOWN.encode()),
    ]
    assert HOST.to_app(asked, SHOWN) == [
        (b"host", b"app.example"),
        (b"origin", b"https://app.example"),
        (b"referer", b"https://app.example/a?b"),
        (b"accept", SHOWN.encode()),
    ]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (b"https://app.example/a", SHOWN.encode() + b"/a"),
        (b"https://app.example", SHOWN.encode()),
        (b"https://app.example?a", SHOWN.encode() + b"?a"),
        (b"https://app.example.evil/a", b"https://app.example.evil/a"),
        (b"https://app.example:8443/a", b"https://app.example:8443/a"),
        (b"/a", b"/a"),
    ],
)
def test_the_browser_is_sent_to_the_sessions_address(told: bytes, shown: bytes) -> None:
    assert HOST.to_browser([(b"Location", told)], SHOWN) == [(b"Location", shown)]


@pytest.mark.parametrize("origin", ["app.example", "https://app.example/", "https://*.app.example"])
def test_what_is_no_origin_is_refused_at_once(origin: str) -> None:
    with pytest.raises(SetupError, match="present_host"):
        PresentHost(origin)
