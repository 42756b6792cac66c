"""The same in Firefox, in part: it keeps pages and types into them again by rules of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.one_person.site import Place, Site
from tests.acceptance.one_person.stored import text_for
from tests.fixtures.node import run_client

ALL = {"click", "Enter", "submit()", "fetch", "XHR", "beacon"}
NONE = set[str]()
BOTH, NEITHER = dict.fromkeys(Place, ALL), dict.fromkeys(Place, NONE)
STORED: dict[str, dict[Place, set[str]]] = {
    "nothing": BOTH,
    "second launch": {Place.ORIGINS: ALL, Place.OWN_HOST: NONE},
    "ended elsewhere": NEITHER,
    "Back": NEITHER,
    "reload": NEITHER,
}
LOADED_ANEW = {"Back", "reload"}
"""This Firefox types nothing into such pages again, as no cache may keep them."""
PATIENCE_SECONDS = 180


def cell_of(place: Place, happening: str) -> str:
    return f"Firefox, {place.name}, {happening}"


@dataclass(frozen=True)
class Sent:
    """What was typed into the pages before they sent it, by cell; and where it came to."""

    typed: dict[str, list[str]]
    site: Site


@pytest.fixture(scope="module")
def sent(site: Site, firefox_path: Path) -> Sent:
    """Everything was sent, in one Firefox."""
    cells = [
        {
            "happening": happening,
            "first": site.opened("ada", place)[1],
            "second": site.opened("bob", place)[1],
            "text": text_for("ada", cell_of(place, happening)),
        }
        for place in Place
        for happening in STORED
    ]
    given = {"firefox": str(firefox_path), "ownOrigin": site.own_origin, "cells": cells}
    typed = run_client("firefox_one_person.mjs", given, seconds=PATIENCE_SECONDS)
    site.arrivals.settle()
    places = [cell_of(place, happening) for place in Place for happening in STORED]
    return Sent(dict(zip(places, typed, strict=True)), site)


@pytest.mark.parametrize("happening", STORED)
@pytest.mark.parametrize("place", Place)
def test_nothing_is_stored_for_another(sent: Sent, place: Place, happening: str) -> None:
    cell = cell_of(place, happening)
    assert set(sent.typed[cell]) == {"" if happening in LOADED_ANEW else text_for("ada", cell)}
    assert sent.site.stored.misplaced(cell) == []
    assert sent.site.stored.ways(cell, "ada") == STORED[happening][place]
