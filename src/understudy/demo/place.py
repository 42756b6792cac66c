"""Where the demo keeps what the next start needs: application, secret, and the one password."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Unit
from understudy.demo.seed import seed
from understudy.errors import SetupError
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.service.table import WIRES
from understudy.storage.engine.engine import StoreEngine
from understudy.wires.native.passwords import hash_password

FILE = "demo.json"
_OWNER_ONLY = 0o600


@dataclass(frozen=True, kw_only=True)
class Place:
    """The demo's application as the sample app signs in with it, and everybody's password."""

    application_id: str
    secret: str = field(repr=False)
    password: str = field(repr=False)


def settle(
    engine: StoreEngine,
    folder: Path,
    *,
    callback_url: str,
    session_origins: str | None = None,
    new_password: Callable[[], str] = lambda: secrets.token_urlsafe(9),
) -> Place:
    """The demo in ``folder``: found as it was left, or made anew in an empty installation.

    :raises SetupError: when the installation holds something else.
    """
    file = folder / FILE
    if file.exists():
        place = _read(file)
        engine.run(lambda unit: _move(unit, place.application_id, callback_url, session_origins))
        return place
    with engine.reading() as reader:
        if reader.operators.list():
            raise SetupError(
                f"{folder} holds an installation that is not the demo's, or a demo that was never "
                "finished. Remove it, or choose another folder with --data-dir."
            )
    password = new_password()
    hashed = hash_password(password)
    made = engine.run(
        lambda unit: seed(
            unit,
            callback_url=callback_url,
            password_hash=hashed,
            session_origins=session_origins,
        )
    )
    place = Place(application_id=made.application.id, secret=made.secret, password=password)
    _write(file, place)
    return place


def _read(file: Path) -> Place:
    try:
        return Place(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise SetupError(f"{file} cannot be read. Remove the folder to start afresh.") from error


def _write(file: Path, place: Place) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(file, flags, _OWNER_ONLY), "w") as opened:
        json.dump(asdict(place), opened)


def _move(unit: Unit, application_id: str, callback_url: str, session_origins: str | None) -> None:
    """Follow the sample app to another port, and to or from origins for each session."""
    application = unit.applications.get(application_id)
    if application is None:
        raise SetupError("The demo's application is gone. Remove the folder to start afresh.")
    settings = replace(
        application.settings, redirect_urls=(callback_url,), session_origins=session_origins
    )
    if application.settings == settings:
        return
    administer.update(
        unit,
        replace(application, settings=settings),
        wires=WIRES.settings,
        by=SYSTEM,
        origin=Origin(),
    )
