"""System checks of a site that has its own Understudy in it.

==== ===============================================================================
E008 its dashboard is nowhere among the site's addresses
E009 its dashboard is at another path than its URL says
W004 gunicorn's workers serve one request at a time (by ``check --deploy``)
==== ===============================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Doubt
from django.urls import NoReverseMatch, reverse

from understudy.contrib.django.conf import setup
from understudy.errors import SetupError

_INCLUDE = 'path("{path}/", include("understudy.contrib.django.urls"))'
_SEVERAL_AT_ONCE = re.compile(r"thread|gevent|eventlet|uvicorn|asgi")
_HINT = (
    "The dashboard polls there, and one person's call holds up everybody else's: give them "
    "threads, as by --threads 4. If they are said elsewhere, silence this check."
)


def check_dashboard(**_: object) -> list[CheckMessage]:
    """Whether the dashboard is where its URL says."""
    return list(_dashboard())


def check_workers(**_: object) -> list[CheckMessage]:
    """Whether gunicorn was told of workers that do more than one thing at a time."""
    if _path() is None or find_spec("gunicorn") is None:
        return []
    if _SEVERAL_AT_ONCE.search(_told_gunicorn()):
        return []
    text = "gunicorn's workers serve one request at a time, unless they are told otherwise."
    return [Doubt(text, hint=_HINT, id="understudy.W004")]


def _told_gunicorn() -> str:
    """What its environment and its file say, where it looks for them itself."""
    from gunicorn.config import (  # type: ignore[import-untyped]
        Config,
        get_default_config_file,
    )

    words, file = Config().get_cmd_args_from_env(), get_default_config_file()
    return " ".join([*words, Path(file).read_text() if file else ""])


def _dashboard() -> Iterator[CheckMessage]:
    path = _path()
    # One that has a host name of its own may be served by other addresses.
    if not path:
        return
    hint = f"Add to the URLconf: {_INCLUDE.format(path=path.lstrip('/'))}"
    try:
        found = reverse("understudy:dashboard", kwargs={"rest": ""})
    except NoReverseMatch:
        text = "The dashboard is nowhere among the site's addresses."
        yield Error(text, hint=hint, id="understudy.E008")
        return
    if found != f"{path}/":
        text = f"The dashboard is at {found}, and browsers look for it at {path}/."
        yield Error(text, hint=hint, id="understudy.E009")


def _path() -> str | None:
    """That of an embedded dashboard; None where there is none, or the settings make nothing."""
    try:
        embedding = setup().installed.understudy.embedding
    except SetupError:  # told by another check
        return None
    return None if embedding is None else embedding.path
