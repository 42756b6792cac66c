"""A protocol as a value: all that the service needs in order to speak it.

``service.table`` lists the wires; nothing else has to know that there is another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from understudy.core.applications.application import Application
from understudy.core.applications.wire_settings import WireSettings
from understudy.core.impersonation.token_kinds import TokenKind
from understudy.flows.notices.messages import MessageFormat, Outgoing
from understudy.http.endpoint import Endpoint
from understudy.http.incoming import Shape
from understudy.http.wires import Ended, HandOff, Wires

V = TypeVar("V")


@dataclass(frozen=True, kw_only=True)
class Wire:
    """One protocol. ``described`` puts its endpoints into our OpenAPI document.

    ``shapes`` says by the beginning of a path how errors look where no endpoint is named. A key
    signs for one of ``key_uses``, and for nothing else. ``settings`` reads its part of an
    application's settings, which lies under its name.
    """

    name: str
    endpoints: tuple[Endpoint, ...]
    described: bool = False
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    token_kinds: tuple[TokenKind, ...] = ()
    key_uses: tuple[str, ...] = ()
    hand_offs: tuple[HandOff, ...] = ()
    formats: tuple[MessageFormat, ...] = ()
    settings: WireSettings | None = None
    public_facts: Callable[[Application], Mapping[str, str]] | None = None
    logout: Callable[[Ended], Outgoing | None] | None = None


def gathered(wires: Iterable[Wire]) -> Wires:
    """What ``wires`` bring, taken together.

    :raises ValueError: two of them claim the same name.
    """
    table = tuple(wires)
    _by_name((wire.name, wire) for wire in table)
    return Wires(
        token_kinds=_by_name((kind.name, kind) for wire in table for kind in wire.token_kinds),
        key_uses=tuple(_by_name((use, use) for wire in table for use in wire.key_uses)),
        hand_offs=_by_name((way.name, way) for wire in table for way in wire.hand_offs),
        formats=_by_name((one.name, one) for wire in table for one in wire.formats),
        settings=_by_name(
            (wire.name, wire.settings) for wire in table if wire.settings is not None
        ),
        public_facts=tuple(wire.public_facts for wire in table if wire.public_facts is not None),
        logout=_by_name(("logout", wire.logout) for wire in table if wire.logout).get("logout"),
    )


def shapes(wires: Iterable[Wire]) -> dict[str, Shape]:
    """How errors look, by the beginning of a path; the longest first, since the first one fits."""
    found = _by_name(pair for wire in wires for pair in wire.shapes.items())
    return dict(sorted(found.items(), key=lambda pair: len(pair[0]), reverse=True))


def _by_name(pairs: Iterable[tuple[str, V]]) -> dict[str, V]:
    found: dict[str, V] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"two wires bring {name}")
        found[name] = value
    return found
