"""The banner is on every page that a person sees."""

from __future__ import annotations

import pytest

from tests.acceptance.peers.desk import DOCUMENT, Desk


@pytest.mark.parametrize("path", ["/whole", "/bare", "/parts", "/lost"])
def test_the_banner_is_on_every_kind_of_page(desk: Desk, path: str) -> None:
    """django-hijack 3.7.9 puts none into pages that are streamed or have no ``</body>``;
    django-loginas 0.3.14 shows one message, once; django-impersonate 1.9.5 nothing at all."""
    desk.sign_in("sam")
    assert "understudy-banner" not in desk.get(path, **DOCUMENT).text
    desk.start("ada")
    for _ in range(2):
        page = desk.get(path, **DOCUMENT).text
        assert page.count("<understudy-banner") == 1
        assert "Orders" in page
