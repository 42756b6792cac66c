from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LISTS = sorted((ROOT / "requirements").glob("*.txt"))


# Some houses number all that they publish as beta, or mend a release behind its number (PEP 440).
PIN = re.compile(r"[a-z0-9-]+(\[[a-z,]+\])?==[0-9.]+(b[0-9]+|\.post[0-9]+)?( ; .+)?")


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_and_nothing_else_is_said(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_packages_of_the_demo_have_the_same_version_in_development() -> None:
    demo, dev = (
        {
            line.partition(" ;")[0]
            for line in (ROOT / "requirements" / name).read_text().splitlines()
        }
        for name in ("demo.txt", "dev.txt")
    )
    assert demo - dev == set()


def test_every_node_package_is_locked_by_its_digest_and_no_registry_is_named() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {
        name: entry
        for name, entry in packages.items()
        if "node_modules/" in name and not entry.get("link")
    }
    assert fetched
    assert [name for name, entry in fetched.items() if "integrity" not in entry] == []
    assert [name for name, entry in fetched.items() if "resolved" in entry] == []


def test_the_lock_has_the_platforms_that_a_newcomer_may_have() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for platform in ("darwin-arm64", "darwin-x64", "linux-arm64-gnu", "linux-x64-gnu"):
        assert f"node_modules/@rolldown/binding-{platform}" in packages
