from __future__ import annotations

from pathlib import Path

import pytest

from scripts import assets

BUILT_FROM = ("dashboard/src/main.tsx", "packages/banner/b.ts", "packages/script/build.ts")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with both outputs built from its present sources."""
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "OUTPUTS", (tmp_path / "service", tmp_path / "sdk"))
    for name in (*BUILT_FROM, "dashboard/node_modules/a.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    _build(tmp_path)
    return tmp_path


def _build(root: Path) -> None:
    for output in (root / "service", root / "sdk"):
        output.mkdir(exist_ok=True)
        (output / assets.STAMP).write_text(assets._digest())


def test_what_was_just_built_is_fresh(tree: Path) -> None:
    assert assets.fresh()


@pytest.mark.parametrize("source", BUILT_FROM)
def test_a_changed_source_makes_it_stale_and_a_build_fresh_again(tree: Path, source: str) -> None:
    (tree / source).write_text("changed")
    assert not assets.fresh()
    _build(tree)
    assert assets.fresh()


def test_a_new_and_a_removed_source_make_it_stale(tree: Path) -> None:
    (tree / "dashboard/src/page.tsx").write_text("")
    assert not assets.fresh()
    (tree / "dashboard/src/page.tsx").unlink()
    assert assets.fresh()
    (tree / "dashboard/src/main.tsx").unlink()
    assert not assets.fresh()


@pytest.mark.parametrize("name", ["dashboard/node_modules/a.js", "dashboard/src/main.test.tsx"])
def test_what_no_build_reads_leaves_it_fresh(tree: Path, name: str) -> None:
    (tree / name).write_text("changed")
    assert assets.fresh()


@pytest.mark.parametrize("output", ["service", "sdk"])
def test_a_missing_output_is_not_fresh(tree: Path, output: str) -> None:
    (tree / output / assets.STAMP).unlink()
    assert not assets.fresh()


def test_a_package_for_npm_must_be_built_though_no_archive_of_pythons_carries_it(
    tree: Path,
) -> None:
    assert assets.complete()
    (tree / "packages/browser").mkdir()
    (tree / "packages/browser/tsconfig.build.json").write_text("{}")
    _build(tree)
    assert assets.fresh()
    assert not assets.complete()
    (tree / "packages/browser/dist").mkdir()
    (tree / "packages/browser/dist" / assets.STAMP).write_text(assets._digest())
    assert assets.complete()


def test_only_what_is_needed_is_installed_and_never_twice(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(assets, "usable_node", lambda: True)
    monkeypatch.setattr(assets, "_npm", lambda *words: said.append(words))
    (tree / "node_modules").mkdir()
    (tree / "package-lock.json").write_text("{}")
    some = tuple(f"--workspace={name}" for name in assets.CARRIED)
    assets.build()
    assert said == [("ci", *some), ("run", "build", "--if-present", *some)]
    assets.build()
    assert len(said) == 2
    (tree / "packages/browser").mkdir()
    (tree / "packages/browser/tsconfig.build.json").write_text("{}")
    (tree / "packages/browser/dist").mkdir()
    assets.everything()
    assert said[2:] == [("ci",), ("run", "build", "--if-present", "--workspaces")]
    (tree / "dashboard/src/main.tsx").write_text("changed")
    assets.build()
    assert said[4:] == [("run", "build", "--if-present", *some)]


@pytest.mark.parametrize(
    ("version", "usable"),
    [
        ("v20.20.2", False),
        ("v22.22.1", False),
        ("v22.22.2", True),
        ("v23.11.0", False),
        ("v24.14.9", False),
        ("v24.15.0", True),
        ("v25.9.0", False),
        ("v26.0.0", True),
        ("v31.1.0", True),
        ("no version", False),
    ],
)
def test_node_is_usable_from_the_release_that_the_tools_accept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, usable: bool
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    _executable(tmp_path / "node", f"echo {version}")
    _executable(tmp_path / "npm", "exit 0")
    assert assets.usable_node() is usable


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_node_is_not_usable_without_its_other_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in {"node", "npm"} - {missing}:
        _executable(tmp_path / name, "echo v26.0.0")
    assert not assets.usable_node()


def _executable(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
