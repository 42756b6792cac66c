"""What a history has made true, kept beside the product and never read from it.

Each move says here what the product answered that it did; the oracle in ``judging`` goes by this
alone. An id of the product's is only ever a name here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.contract.histories.policy_texts import EVERYBODY, Asked, Policy

MANAGER = "support_manager"
DECIDERS = frozenset({"admin", MANAGER, "approver"})
"""Who may decide about single changes."""


@dataclass
class Person:
    """A user of the app; whoever gets the id of a deleted one is of another ``generation``."""

    id: str
    email: str
    organization: str | None = None
    roles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    protected: bool = False
    disabled: bool = False
    deleted: bool = False
    honey: bool = False
    generation: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """Who it is, whatever becomes of the id."""
        return self.id, self.generation


@dataclass
class Tenant:
    """An organization."""

    id: str
    active: bool = True
    generation: int = 0


@dataclass
class Who:
    """Somebody who acts: an operator, or whom the app's backend names."""

    name: str
    email: str
    rank: int = 100
    operator: bool = True
    active: bool = True
    roles: frozenset[str] = frozenset({MANAGER})
    groups: frozenset[str] = frozenset()
    cases: set[str] = field(default_factory=set)

    def asks_for(self, person: Person, *, hour: float) -> Asked:
        """What policies are asked when they would go on as ``person``."""
        return Asked(
            roles=self.roles if self.operator else frozenset(),
            groups=self.groups,
            subject=person.id,
            subject_roles=person.roles,
            subject_tags=frozenset(person.tags),
            hour=hour,
        )


@dataclass
class App:
    """What an admin has set."""

    active: bool = True
    allowed: bool = True
    max_minutes: int = 60
    idle_minutes: int = 10
    only_reading: bool = False
    ranks: dict[str, int] = field(default_factory=lambda: {"owner": 100, "finance": 10})
    consent: str = "off"
    consent_of: dict[str, str] = field(default_factory=dict)
    quorum: int = 0
    break_glass: bool = False
    break_glass_minutes: int = 15
    unlocks: bool = False
    subjects_an_hour: int | None = None
    subjects_a_day: int | None = None
    policy: Policy = EVERYBODY
    addresses: set[str] = field(default_factory=set)
    """Of everybody who is an operator, invited ones included."""

    def consent_for(self, organization: str | None) -> str:
        """The stricter of what the app and the organization ask."""
        order = ("off", "standing", "ask")
        return max(self.consent, self.consent_of.get(organization or "", "off"), key=order.index)


@dataclass
class Agreed:
    """What a user agreed to; once is to one request, of which one grant may come."""

    id: str
    whom: tuple[str, int]
    once: bool
    only_reading: bool
    until: datetime
    minutes: int | None = None
    actor: str | None = None
    grant: str | None = None
    withdrawn: bool = False


@dataclass
class Permitted:
    """A grant, as it was asked for; ``said`` is who agreed, and to how much.

    ``until`` is when it opens nothing any more unless it has, ``began`` when it first did.
    ``broke_glass`` is said of one to which others would have had to agree.
    """

    id: str
    actor: str
    whom: tuple[str, int]
    organization: tuple[str, int] | None
    minutes: int
    only_reading: bool
    quorum: int
    broke_glass: bool
    made: datetime
    until: datetime
    said: dict[str, tuple[int, bool]] = field(default_factory=dict)
    refused: bool = False
    closed: str | None = None
    began: datetime | None = None


@dataclass
class Session:
    """A session that was opened; ``over`` says since when nobody may be served by it, and why."""

    id: str
    grant: Permitted
    began: datetime
    ends: datetime
    idle: timedelta
    active: datetime
    only_reading: bool
    over: str | None = None


@dataclass
class Change:
    """One write that was asked for in a session; ``by`` allowed it, None where policies did."""

    id: str
    session: str
    what: str
    asked: datetime
    allowed: datetime | None = None
    by: str | None = None
    refused: bool = False
    spent: bool = False


@dataclass
class Facts:
    """All of it, at ``now``."""

    now: datetime
    app: App = field(default_factory=App)
    actors: dict[str, Who] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    tenants: dict[str, Tenant] = field(default_factory=dict)
    consents: list[Agreed] = field(default_factory=list)
    grants: dict[str, Permitted] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
