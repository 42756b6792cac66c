from __future__ import annotations

import re
from pathlib import Path

import pytest

from understudy.service.dashboard import is_page

ROUTES = Path(__file__).parents[3] / "dashboard/src/router/routes.ts"
PATHS = re.findall(r'\bpath: "(/[^"]*)"', ROUTES.read_text("utf-8"))


def test_every_route_of_the_dashboard_is_a_page_when_it_is_loaded_anew() -> None:
    assert "/settings/$applicationId/policies" in PATHS
    assert [path for path in PATHS if not is_page(re.sub(r"\$\w+", "a-1", path))] == []


@pytest.mark.parametrize(
    "path", ["/nowhere", "/changes/1", "/approvals/", "/settings/a/b", "/team/a/b", "/launch"]
)
def test_nothing_else_is_a_page(path: str) -> None:
    assert not is_page(path)
