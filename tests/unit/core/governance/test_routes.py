from __future__ import annotations

import pytest

from understudy.core.governance.routes import (
    BY_THE_APP,
    Known,
    Route,
    RouteClass,
    Sorted,
    sort_routes,
)
from understudy.core.impersonation.restrictions import BlockedAction

BLOCKED = [BlockedAction(method="POST", pattern="/users/{id}/role", label="roles")]
WRITES = Known(kind=RouteClass.WRITE, method="*", pattern="/users/**")
SEARCH = Known(kind=RouteClass.READ, method="POST", pattern="/search")


@pytest.mark.parametrize(
    ("route", "kind"),
    [
        (Route(method="GET", path="/users/<int:id>"), RouteClass.READ),
        (Route(method="POST", path="users/{id}/role"), RouteClass.BLOCKED),
        (Route(method="*", path="/users/<id>/role"), RouteClass.BLOCKED),
        (Route(method="PUT", path="/users/{id}"), RouteClass.WRITE),
        (Route(method="POST", path="/search"), RouteClass.READ),
        (Route(method="POST", path="/orders"), RouteClass.UNCLASSIFIED),
        (Route(method="*", path="/orders/<id>"), RouteClass.UNCLASSIFIED),
    ],
)
def test_a_route_is_what_was_said_of_it(route: Route, kind: RouteClass) -> None:
    (found,) = sort_routes([route, route], blocked=BLOCKED, known=[WRITES, SEARCH])
    label = "roles" if kind is RouteClass.BLOCKED else None
    assert found == Sorted(route=route, kind=kind, label=label)


@pytest.mark.parametrize("said", [RouteClass.READ, RouteClass.WRITE, RouteClass.BLOCKED])
def test_what_the_app_says_of_a_route_goes_before_what_is_known(said: RouteClass) -> None:
    (found,) = sort_routes(
        [Route(method="POST", path="/search", said=said)], blocked=BLOCKED, known=[SEARCH]
    )
    assert found.kind is said
    assert found.label == (BY_THE_APP if said is RouteClass.BLOCKED else None)
