from __future__ import annotations

from types import SimpleNamespace

import pytest

from understudy.contrib.asgi.overlaid import route_of


@pytest.mark.parametrize(
    ("scope", "route"),
    [
        ({"route": SimpleNamespace(path="/u/{id}"), "path": "/u/ada"}, "/u/{id}"),
        ({"path_template": "/u/{id}", "path": "/u/ada"}, "/u/{id}"),
        ({"route": SimpleNamespace(), "path_template": "/u/{id}"}, None),
        ({"route": SimpleNamespace(path=b"/u/{id}")}, None),
        ({"path": "/u/ada"}, None),
    ],
)
def test_a_route_is_the_pattern_and_never_the_path_with_its_values(
    scope: dict[str, object], route: str | None
) -> None:
    assert route_of(scope) == route
