"""Which roles that users hold have no rank in their application, and how many users that is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from understudy.core.applications.application import Application
from understudy.core.ports import Reader
from understudy.core.rules.ranking import standing_of


@dataclass(frozen=True, kw_only=True)
class UnrankedRole:
    """One role without a rank, as it is compared, and how many users hold it."""

    role: str
    users: int


@dataclass(frozen=True, kw_only=True)
class Unranked:
    """``users`` who hold any such role; ``roles`` with the most of them first."""

    users: int
    roles: tuple[UnrankedRole, ...]

    def __str__(self) -> str:
        """In words, the most held ones by name."""
        named = ", ".join(f"{one.role} ({one.users:,})" for one in self.roles[:SHOWN])
        more = f" and {len(self.roles) - SHOWN:,} more" if len(self.roles) > SHOWN else ""
        who = "1 user holds" if self.users == 1 else f"{self.users:,} users hold"
        return f"{who} roles without a rank: {named}{more}"


SHOWN = 10
"""How many roles are named where a line has to do."""


def unranked_roles(reader: Reader, application: Application) -> Unranked:
    """What of the roles in ``application`` has no rank, whether that is allowed or not."""
    ranks, holders, users = application.settings.role_ranks, Counter[str](), 0
    for held in reader.subjects.held_roles(application.id):
        unranked = standing_of(held.roles, ranks).unranked
        holders.update(dict.fromkeys(unranked, held.users))
        users += held.users if unranked else 0
    ordered = sorted(holders.items(), key=lambda item: (-item[1], item[0]))
    return Unranked(
        users=users, roles=tuple(UnrankedRole(role=role, users=count) for role, count in ordered)
    )
