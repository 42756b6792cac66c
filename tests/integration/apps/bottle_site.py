"""An app of Bottle that knows nothing of Understudy but where it asks who is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

# mypy: disable-error-code="import-untyped, untyped-decorator"
import bottle

from understudy import current_impersonation, forbid_while_impersonating

SECRET = "a secret of the app's own"


def made(folder: Path) -> Any:
    """The app, with its files in ``folder``."""
    app: Any = bottle.Bottle()

    def user() -> str:
        found = current_impersonation()
        name = found.user["id"] if found else bottle.request.get_cookie("user", secret=SECRET)
        return str(name)

    @app.post("/login")
    def login() -> str:
        bottle.response.set_cookie("user", "agent", secret=SECRET)
        return "signed in"

    @app.get("/me")
    def me() -> str:
        return f"<html><body>Hello {user()}</body></html>"

    @app.post("/notes")
    def add() -> None:
        bottle.response.set_cookie("flash", user())
        bottle.redirect(f"/notes?{bottle.request.forms.text}", 303)

    @app.get("/lines")
    def lines() -> Iterator[bytes]:
        bottle.response.content_type = "text/plain"
        for _ in range(3):
            yield f"{user()}\n".encode()

    @app.get("/file")
    def file() -> Any:
        user()
        return bottle.static_file("a.pdf", root=str(folder))

    @app.post("/password")
    @forbid_while_impersonating
    def password() -> str:
        return "password set"

    @app.get("/broken")
    def broken() -> str:
        raise LookupError

    @app.get("/keys/<name>")
    def keys(name: str) -> str:
        return name

    return app
