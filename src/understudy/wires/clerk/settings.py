"""What an admin decides for this wire alone: whether pages may sign in by a ticket."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from understudy.core.applications.application import Application
from understudy.core.applications.wire_settings import Part, WireSettings
from understudy.core.notices.events import Scalar

NAME = "clerk"
"""Under which the part lies, and by which tickets of this wire are known."""


@dataclass(frozen=True, kw_only=True)
class ClerkSettings:
    """``ticket_sign_in`` lets pages of the app, by its redirect URLs, sign in without a secret."""

    ticket_sign_in: bool = False


def settings_of(application: Application) -> ClerkSettings:
    """The application's part."""
    return _read(application.settings.wires.get(NAME, {}))


def _read(part: Part) -> ClerkSettings:
    return msgspec.convert(part, ClerkSettings)


def _complete(part: Part) -> dict[str, Any]:
    return asdict(_read(part))


def _facts(part: Part) -> dict[str, Scalar]:
    return {"ticket_sign_in": _read(part).ticket_sign_in}


SETTINGS = WireSettings(complete=_complete, facts=_facts)
