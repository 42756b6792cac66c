"""A process of an app that has Understudy within: it does what it is told over its input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.integration.ending.embedded_people import SharedShop, Table
from tests.integration.ending.python_app import App, carry_out_all, guarded
from understudy.sdk.cookies import OVERLAY


class AppWithin(App):
    """Beside others of its kind, over one file."""

    def __init__(self, folder: Path) -> None:
        shop = SharedShop(Table(folder / "people.json"))
        self._understudy = shop.understudy(folder / "data")
        self._app = guarded(self._understudy)
        self._tokens: dict[str, str] = {}

    def start(self, *, token: str) -> dict[str, Any]:
        """Begin a session."""
        started = self._understudy.start(token)
        _, _, rest = started.set_cookie.partition(f"{OVERLAY}=")
        self._tokens[started.session.id] = rest.partition(";")[0]
        return {"session": started.session.id}


if __name__ == "__main__":
    carry_out_all(AppWithin(Path(json.loads(sys.argv[1])["folder"])))
