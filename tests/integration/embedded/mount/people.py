"""Who uses the apps of these tests, and the Understudy that they have in them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from understudy import AppUser, StaffMember, Understudy, Users

FOLDER = "EMBEDDED_FOLDER"
"""The variable by which a server finds the installation of a test."""
DATABASE = "EMBEDDED_DATABASE"
"""The variable with the address of PostgreSQL; empty for a SQLite file."""
TOLD = "people.json"
"""The file in that folder in which others stand, for an app whose people change."""
URL = "https://shop.example/understudy"
HOST = "shop.example"
PEOPLE = {"ada": "Ada", "bob": "Bob", "a/b%25": "Odd"}


def staff(environ: Any) -> StaffMember | None:
    """Kim, where somebody says so."""
    if not isinstance(environ, dict) or environ.get("HTTP_X_STAFF") != "kim":
        return None
    return StaffMember(
        id="kim",
        email="kim@shop.example",
        name="Kim",
        roles={"admin", "support_manager"},
        signed_in_at=datetime.now(UTC),
    )


def get(subject_id: str) -> AppUser | None:
    """One user of the app's."""
    name = PEOPLE.get(subject_id)
    return None if name is None else AppUser(id=subject_id, name=name)


def search(query: str, limit: int) -> list[AppUser]:
    """Those whose name begins so."""
    found = [key for key, name in PEOPLE.items() if name.lower().startswith(query.lower())]
    return [AppUser(id=key, name=PEOPLE[key]) for key in found[:limit]]


def made() -> Understudy:
    """The app's handle, as each of its processes makes it."""
    return Understudy.embedded(
        "Shop",
        url=URL,
        data_dir=os.environ[FOLDER],
        database=os.environ[DATABASE] or None,
        staff=staff,
        users=Users(get=get, search=search),
        allow_impersonation=True,
    )
