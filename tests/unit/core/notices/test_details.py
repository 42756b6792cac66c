from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import understudy
from understudy.core.notices.details import DETAIL_WORDS

PACKAGE = Path(understudy.__file__).parent
WRITERS = ("flows", "keys", "storage", "wires")


def details_of(tree: ast.AST) -> Iterator[ast.expr]:
    """Every expression that becomes the details of an event, however it gets there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (given.value for given in node.keywords if given.arg == "details")
        elif isinstance(node, ast.FunctionDef) and is_details(node.returns):
            yield from (
                made.value for made in ast.walk(node) if isinstance(made, ast.Return) and made.value
            )
        elif isinstance(node, ast.AnnAssign) and is_details(node.annotation) and node.value:
            yield node.value
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id == "details":
                    yield node.value
                elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == "details":
                    yield ast.Dict(keys=[target.slice], values=[node.value])


def is_details(annotation: ast.expr | None) -> bool:
    """Whether something is said to be of the type that details have."""
    return annotation is not None and ast.unparse(annotation) == "dict[str, Scalar]"


def keys() -> set[str]:
    """Every key that is written out where details are made."""
    return {
        key.value
        for folder in WRITERS
        for path in (PACKAGE / folder).rglob("*.py")
        for given in details_of(ast.parse(path.read_text("utf-8")))
        for found in ast.walk(given)
        if isinstance(found, ast.Dict)
        for key in found.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def test_every_detail_of_an_entry_has_words() -> None:
    found = keys()
    assert {"cause", "reason_given", "minutes"} <= found
    assert found <= DETAIL_WORDS.keys()


def test_no_words_are_a_raw_key() -> None:
    assert [words for words in DETAIL_WORDS.values() if "_" in words or not words.strip()] == []
