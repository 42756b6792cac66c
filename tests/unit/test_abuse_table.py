"""``docs/abuse-cases.md`` names tests that exist, and forgets neither a test nor an abuse."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "abuse-cases.md"
ABUSE = ROOT / "tests" / "integration" / "abuse"
ACCEPTANCE = ROOT / "tests" / "acceptance"
THREATS = {
    *(f"E{number}" for number in range(1, 9)),
    *(f"S{number}" for number in range(1, 11)),
    *(f"T{number}" for number in range(1, 10)),
    *(f"R{number}" for number in range(1, 5)),
    *(f"I{number}" for number in range(1, 10)),
    *(f"D{number}" for number in range(1, 7)),
    *(f"L{number}" for number in range(1, 6)),
    *(f"K{number}" for number in range(1, 4)),
    *("P1", "P2"),
}
PEERS = {f"peer {number}" for number in (*range(10), 11, 12, *range(14, 21), *range(23, 28))}
FOUND_BY_USE = ("blinding the recorder", "limits as a weapon", "staff whom the app alone disables")
FAULTS = {f"fault {number}" for number in range(1, 8)}


def rows(columns: int) -> Iterator[list[str]]:
    """The rows of the page's table with so many columns, without its head."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if len(cells) == columns and cells[0] not in ("id", "---"):
            yield cells


def ids(columns: int) -> list[str]:
    """What a table is about; one row may be about several."""
    return [id_.strip() for cells in rows(columns) for id_ in cells[0].split(",")]


def named_tests() -> list[str]:
    return [name for cells in rows(4) for name in re.findall(r"`([^`]+::[^`]+)`", cells[3])]


@cache
def defined_in(path: Path) -> frozenset[str]:
    """The tests that a file defines."""
    found = ast.walk(ast.parse(path.read_text()))
    functions = (node for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


@pytest.mark.parametrize("name", sorted(set(named_tests())))
def test_a_named_test_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert function in defined_in(ROOT / path)


def test_every_row_says_what_and_how_and_names_a_test() -> None:
    for id_, abuse, defence, tests in rows(4):
        assert abuse, id_
        assert defence, id_
        assert "::test_" in tests, id_


def test_every_test_of_an_abuse_is_named_in_the_table() -> None:
    named = set(named_tests())
    for path in (
        *ABUSE.glob("test_*.py"),
        *(ACCEPTANCE / "peers").glob("test_*.py"),
        ACCEPTANCE / "test_abuse.py",
    ):
        if path != Path(__file__):
            relative = path.relative_to(ROOT).as_posix()
            missing = {f"{relative}::{test}" for test in defined_in(path)} - named
            assert missing == set()


def test_every_abuse_is_in_the_table_or_left_out_on_purpose() -> None:
    tried, left_out = ids(4), ids(2)
    assert len(left_out) == len(set(left_out))
    assert set(tried) & set(left_out) == set()
    assert {*tried, *left_out} == {*THREATS, *PEERS, *FAULTS, *FOUND_BY_USE, "promise"}
