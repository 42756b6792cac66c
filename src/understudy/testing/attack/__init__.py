"""What went wrong elsewhere, tried on your own app: ``pytest --understudy-attack``.

A ``conftest.py`` gives the app as a fixture, and the checks run beside its own tests::

    @pytest.fixture
    def understudy_attack_target() -> AttackTarget:
        return AttackTarget(app=site, agent="kim", user="ada", ...)

They are harmless: each asks the app what a browser could ask, in this process, and looks at what
comes of it.
"""

from __future__ import annotations

from understudy.testing.attack.browser import AttackBrowser, Sending
from understudy.testing.attack.target import AttackTarget

__all__ = ["AttackBrowser", "AttackTarget", "Sending"]
