"""The guard's decisions as data, to which its ports are held as well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.guard_vectors import TOPICS

VECTORS = Path(__file__).parents[2] / "vectors/guard"


def _cases() -> Iterator[Any]:
    for topic in TOPICS:
        document = json.loads((VECTORS / f"{topic}.json").read_text(encoding="utf-8"))
        for case in document["cases"]:
            yield pytest.param(topic, case, id=f"{topic}: {case['name']}")


@pytest.mark.parametrize(("topic", "case"), list(_cases()))
def test_every_case_is_answered_as_it_says(topic: str, case: dict[str, Any]) -> None:
    # As JSON has it: no tuples, and no enumerations.
    assert json.loads(json.dumps(TOPICS[topic](case))) == case["expect"]


def test_every_file_is_read() -> None:
    # What is shown of it all has a runner of its own.
    assert {path.stem for path in VECTORS.iterdir()} == {*TOPICS, "consent", "pages"}


@pytest.mark.parametrize("topic", TOPICS)
def test_cases_have_names_of_their_own(topic: str) -> None:
    document = json.loads((VECTORS / f"{topic}.json").read_text(encoding="utf-8"))
    names = [case["name"] for case in document["cases"]]
    assert document["format"] == 1
    assert len(names) == len(set(names)) >= 10
