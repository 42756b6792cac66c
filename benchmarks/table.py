"""Rows as text for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.row import Peer, Row

_VERDICTS = {True: "ok", False: "BROKEN", None: ""}
_WIDTH = 62


def heading() -> str:
    """The line above all others."""
    return f"{'':<{_WIDTH}}{'measured':>16}{'times better':>15}{'bar':>14}"


def lines(row: Row) -> Iterator[str]:
    """The row itself, then each of its peers."""
    bar = "" if row.at_most is None else f"≤ {_figure(row.at_most)} {row.unit}"
    own = None if row.at_most is None else row.value <= row.at_most
    yield _line(f"{row.name}: {row.what}", f"{_figure(row.value)} {row.unit}", "", bar, own)
    for peer in row.peers:
        yield _peer_line(row, peer)


def to_json(row: Row) -> dict[str, object]:
    """The row with everything that can be said of it."""
    return {
        "name": row.name,
        "what": row.what,
        "unit": row.unit,
        "value": row.value,
        "at_most": row.at_most,
        "kept": row.kept,
        "peers": [
            {
                "name": peer.name,
                "value": peer.value,
                "times_better": row.times_better(peer),
                "at_least": peer.at_least,
                "kept": row.clears(peer),
            }
            for peer in row.peers
        ],
    }


def dumps(rows: list[Row]) -> str:
    """All rows as one JSON document."""
    return json.dumps([to_json(row) for row in rows], indent=2, ensure_ascii=False)


def _peer_line(row: Row, peer: Peer) -> str:
    if peer.value is None:
        return _line(f"  {peer.name}", peer.absent, "", "", None)
    times = row.times_better(peer)
    better = "" if times is None else f"{_figure(times)} x"
    bar = "" if peer.at_least is None else f"≥ {_figure(peer.at_least)} x"
    figure = f"{_figure(peer.value)} {row.unit}"
    return _line(f"  {peer.name}", figure, better, bar, row.clears(peer))


def _line(what: str, figure: str, better: str, bar: str, kept: bool | None) -> str:
    return f"{what:<{_WIDTH}}{figure:>16}{better:>15}{bar:>14}  {_VERDICTS[kept]}".rstrip()


def _figure(number: float) -> str:
    if number == int(number):
        return f"{number:,.0f}"
    decimals = 0 if abs(number) >= 1000 else 1 if abs(number) >= 10 else 2
    return f"{number:,.{decimals}f}"
