"""What was set up for one app, as its ``extensions`` have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, cast

from flask import Flask

from understudy.sdk.installed import Options
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Subject

NAME = "understudy"


class Installation(NamedTuple):
    """Under ``app.extensions["understudy"]``; ``understudy`` is the app's link to the service."""

    understudy: Understudy
    options: Options
    load_user: Callable[[Subject], object] | None


def installation_of(app: Flask) -> Installation:
    """What ``app`` was given.

    :raises KeyError: it has no Understudy.
    """
    return cast("Installation", app.extensions[NAME])


def declared_reads(app: Flask) -> Iterable[str]:
    """What its installation declares to change nothing; nothing where it has none."""
    found: Installation | None = app.extensions.get(NAME)
    return found.options.get("reads", ()) if found is not None else ()
