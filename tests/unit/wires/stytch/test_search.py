from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures.refusals import refusal_of
from understudy.errors import InvalidInput
from understudy.storage.tables.folding import fold
from understudy.wires.stytch import search
from understudy.wires.stytch.organizations import find
from understudy.wires.stytch.requests import Operand, Search, SearchQuery
from understudy.wires.stytch.search import Key, Window

EVERYBODY = SearchQuery(
    operator="AND", operands=[Operand(filter_name="password_exists", filter_value=False)]
)

EVERY_MEMBER = SearchQuery(
    operator="AND", operands=[Operand(filter_name="member_is_breakglass", filter_value=False)]
)


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[World]:
    """On both databases: what pages hold depends on how each of them sorts."""
    with world(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def crowd(installation: World) -> World:
    """Seven more people in two organizations, whose names sort oddly."""
    for number, name in enumerate(("Zoë", "zoe", "Ärger", "arg", "", "ZOE", "Ωmega")):
        tenant = ("acme", "globex")[number % 2]
        installation.save_subject(id=f"p{number}", name=name or None, organization_id=tenant)
    return installation


def _window(limit: int, after: Key | None) -> Window:
    return Window.of(Search(limit=limit), after, fold)


@pytest.mark.parametrize("query", [None, EVERYBODY], ids=["by index", "row by row"])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_hold_everybody_once_and_then_stop(
    crowd: World, query: SearchQuery | None, limit: int
) -> None:
    seen: list[str] = []
    after: Key | None = None
    with crowd.engine.reading() as reader:
        while True:
            found = search.users(reader, crowd.application.id, query, _window(limit, after))
            assert len(found.rows) <= limit
            seen += [row.id for row in found.rows]
            after = found.next_key
            if after is None:
                break
        assert found.total == len(seen) == len(set(seen))
        assert {f"p{number}" for number in range(7)} <= set(seen)


@pytest.mark.parametrize("query", [None, EVERY_MEMBER], ids=["by index", "row by row"])
def test_members_are_paged_organization_by_organization(
    crowd: World, query: SearchQuery | None
) -> None:
    seen: list[tuple[str | None, str]] = []
    after: Key | None = None
    with crowd.engine.reading() as reader:
        among = [find(reader, crowd.application.id, name) for name in ("globex", "acme", "acme")]
        while True:
            found = search.members(reader, crowd.application.id, among, query, _window(2, after))
            seen += [(row.organization_id, row.id) for row in found.rows]
            after = found.next_key
            if after is None:
                break
    assert [one for one, _ in seen] == sorted(one or "" for one, _ in seen)
    assert found.total == len(seen) == len(set(seen))


@pytest.mark.parametrize(
    ("query", "facts"),
    [(None, {}), (EVERYBODY, {"error_type": "bad_request"})],
    ids=["by index", "row by row"],
)
def test_a_cursor_of_another_search_is_refused(
    crowd: World, query: SearchQuery | None, facts: dict[str, str]
) -> None:
    with crowd.engine.reading() as reader, refusal_of(InvalidInput, "invalid_input", **facts):
        search.users(reader, crowd.application.id, query, _window(2, ("acme", "a", "b")))


def test_several_conditions_hold_all_or_any(crowd: World) -> None:
    operands = [
        Operand(filter_name="user_id", filter_value=["p0", "p1", "p2"]),
        Operand(filter_name="full_name_fuzzy", filter_value="zoe"),
    ]
    with crowd.engine.reading() as reader:
        for operator, found in (("AND", {"p1"}), ("OR", {"p0", "p1", "p2", "p5"})):
            query = SearchQuery(operator=operator, operands=operands)  # type: ignore[arg-type]
            answer = search.users(reader, crowd.application.id, query, _window(100, None))
            assert {row.id for row in answer.rows} == found
            assert answer.total == len(found)
            assert answer.next_key is None


def test_nobody_of_another_application_is_found(crowd: World) -> None:
    with crowd.engine.reading() as reader:
        there = search.users(reader, crowd.other_application.id, None, _window(100, None))
        organizations = search.organizations(
            reader, crowd.other_application.id, None, _window(100, None)
        )
    assert (there.rows, there.total) == ([], 0)
    assert (organizations.rows, organizations.total) == ([], 0)


def test_organizations_are_paged_by_name(crowd: World) -> None:
    with crowd.engine.reading() as reader:
        first = search.organizations(reader, crowd.application.id, None, _window(1, None))
        rest = search.organizations(
            reader, crowd.application.id, None, _window(100, first.next_key)
        )
    assert first.total == rest.total == 1 + len(rest.rows)
    assert first.rows[0].id not in {row.id for row in rest.rows}
    assert rest.next_key is None
