"""What a protocol lets an admin decide for an application, beside what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from understudy.core.notices.events import Scalar

Part = Mapping[str, Any]
"""One protocol's settings as they are stored: JSON, without what nobody has decided."""


@dataclass(frozen=True, kw_only=True)
class WireSettings:
    """How one protocol's part is read.

    ``complete`` answers the part with its defaults, and raises ``InvalidInput`` for one that no
    application could work under. ``facts`` is what an entry tells of a complete part.
    """

    complete: Callable[[Part], dict[str, Any]]
    facts: Callable[[Part], dict[str, Scalar]]


AllWireSettings = Mapping[str, WireSettings]
"""By the name of the protocol, as in ``ApplicationSettings.wires``."""

NO_WIRES: AllWireSettings = MappingProxyType({})
