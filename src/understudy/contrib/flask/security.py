"""Flask-Security-Too, which stands on Flask-Login and believes only what it has found by itself."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, g

_NAME = "security"


def has_security(app: Flask) -> bool:
    """Whether ``app`` has it."""
    return _NAME in app.extensions


def find_user(app: Flask) -> Callable[[str], object]:
    """Finds people by their id: what its own loader goes by changes with each password."""
    datastore = app.extensions[_NAME].datastore
    return lambda user_id: datastore.find_user(id=user_id)


def as_signed_in() -> None:
    """Let the subject pass where a signed-in user does, but never where one of a moment ago does.

    So a view that asks for the password again asks whoever impersonates as well.
    """
    if has_security(current_app):
        g.fs_authn_via, g.fs_paa = "session", 0
