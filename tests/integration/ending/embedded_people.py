"""A shop's own table of users and staff, in a file that each of its processes reads anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fixtures.embedded import Shop
from understudy import AppUser, StaffMember


@dataclass(frozen=True)
class Table:
    """The file."""

    path: Path

    def read(self) -> dict[str, dict[str, Any]]:
        """Users and staff, by their ids."""
        return dict(json.loads(self.path.read_text()))

    def write(self, **people: dict[str, Any]) -> None:
        """Whoever is named becomes as they are here; nobody sees half of it."""
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(people))
        new.replace(self.path)

    def put_user(self, user_id: str, facts: dict[str, Any] | None) -> None:
        """A user becomes this, or is there no more."""
        people = self.read()
        users = {name: found for name, found in people["users"].items() if name != user_id}
        self.write(users=users | ({} if facts is None else {user_id: facts}), staff=people["staff"])

    def put_staff(self, name: str, roles: object) -> None:
        """Somebody of the staff has these roles."""
        people = self.read()
        self.write(users=people["users"], staff={**people["staff"], name: roles})

    def user(self, user_id: str) -> AppUser | None:
        """A user."""
        found = self.read()["users"].get(user_id)
        return None if found is None else AppUser(id=user_id, **found)

    def member(self, name: str) -> StaffMember | None:
        """Somebody of the staff, signed in just now."""
        roles = self.read()["staff"].get(name)
        if roles is None:
            return None
        return replace(_MEMBER, id=name, email=f"{name}@shop.example", name=name, roles=roles)


_MEMBER = StaffMember(id="", email="", name="", roles=(), signed_in_at=datetime.now(UTC))


class SharedShop(Shop):
    """The shop in one of its processes."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table

    def get(self, subject_id: str) -> AppUser | None:
        return self.table.user(subject_id)

    async def search(self, query: str, limit: int) -> list[AppUser]:
        found = map(self.table.user, self.table.read()["users"])
        return [user for user in found if user is not None and query in user.id][:limit]

    def who(self, request: Any) -> StaffMember | None:
        return self.table.member(request.headers.get("x-staff", ""))
