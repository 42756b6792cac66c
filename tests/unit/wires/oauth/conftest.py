from __future__ import annotations

from tests.unit.flows.conftest import installation, template

__all__ = ["installation", "template"]
