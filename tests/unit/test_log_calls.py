"""Each log call names a stable action, by which lines can be found whatever their words become."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import understudy

SOURCE = Path(understudy.__file__).parent
LOGGERS = frozenset({"_LOG", "_logger", "logger"})
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def log_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in LOGGERS and node.func.attr in LEVELS:
                yield node


def actions(tree: ast.AST) -> Iterator[str]:
    """Every value that stands beside an ``action`` in a dictionary."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "action":
                    yield ast.literal_eval(value)


def last_resorts(tree: ast.AST) -> Iterator[str]:
    """The action of each last resort, which is what it tells the log with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "LastResort":
            [action] = [one.value for one in node.keywords if one.arg == "action"]
            yield ast.literal_eval(action)


def test_every_log_call_carries_an_action_of_its_own() -> None:
    named: list[str] = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        calls = list(log_calls(tree))
        assert all("extra" in {one.arg for one in call.keywords} for call in calls), path
        if calls:
            found = list(actions(tree))
            assert len(found) >= len(calls), path
            named += found
        named += last_resorts(tree)
    assert len(named) >= 20
    assert len(named) == len(set(named))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", one) for one in named)
