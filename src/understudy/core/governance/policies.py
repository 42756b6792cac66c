"""The policies of an application: what is kept of them, what they are asked, what they answer.

In which language they are written is known to whoever judges by them, and to nobody here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from understudy.core.impersonation.exact_routes import exact_route, instances
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.principals import ActorKind
from understudy.core.text import TextFault, fault_in

MOST_LETTERS = 65_536
"""So long a text of policies may be."""


def unseen_in(text: str) -> TextFault | None:
    """The first character of a text of policies that its readers do not see, or None.

    What ends a line for the eye alone would hide a policy in a comment, here and in differences.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        fault = fault_in(line.removesuffix("\r").replace("\t", " "), joiners=False)
        if fault is not None:
            return replace(fault, line=number)
    return None


class Moment(StrEnum):
    """When policies are asked. Stable: policies name it."""

    START = "start"
    CONTINUE = "continue"


@dataclass(frozen=True, kw_only=True)
class PolicySet:
    """One version of an application's policies. Its text never changes; what comes later is new.

    ``set_by`` wrote it and ``confirmed_by`` let it hold, both by our own reference. It may be
    confirmed from ``confirmable_at`` on. Which version is in force says the application.
    """

    id: str
    application_id: str
    version: int
    text: str
    set_by: str
    set_at: datetime
    confirmable_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be confirmed or withdrawn."""
        return self.confirmed_at is None and self.withdrawn_at is None


@dataclass(frozen=True, kw_only=True)
class PolicyFault:
    """What is wrong with a text; ``policy`` names the one of them, where it is one."""

    policy: str | None
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyQuestion:
    """Everything that policies can look at.

    ``actor_roles`` are the operator's, none for an actor whom an application names, whose groups
    are by the application's word. ``address`` is where the actor is, and known at the start alone.
    """

    moment: Moment
    now: datetime
    actor_kind: ActorKind
    actor_id: str
    actor_email: str | None
    actor_rank: int
    actor_roles: tuple[str, ...]
    subject_id: str
    subject_email: str | None
    subject_roles: tuple[str, ...]
    subject_rank: int
    subject_protected: bool
    organization_id: str | None
    reason: str
    ticket: str | None
    minutes: int
    scope: Scope
    address: str | None = None
    actor_groups: tuple[str, ...] = ()
    subject_tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PolicyVerdict:
    """What policies say. ``deciding`` names those that decided; ``faults`` say what kept them.

    ``minutes`` and ``scope`` are limits beyond those of the settings, None where there are none.
    ``quorum`` is how many have to agree, and ``approvers`` the roles and groups (`group_named`) of
    one of which they have to be; of any, where it names none. ``unlocks`` are, for each policy that
    permits, the routes at which it lets a single change through that a session which may only read
    asks for.
    """

    permitted: bool
    deciding: tuple[str, ...] = ()
    minutes: int | None = None
    scope: Scope | None = None
    quorum: int = 0
    approvers: tuple[str, ...] = ()
    unlocks: tuple[tuple[str, ...], ...] = ()
    faults: tuple[str, ...] = ()

    def minutes_within(self, minutes: int) -> int:
        """``minutes``, or fewer where policies say so."""
        return minutes if self.minutes is None else min(minutes, self.minutes)

    def lets_through(self, method: str, path: str) -> bool:
        """Whether all that permit let this change through; none does unless it says so."""
        return (
            self.permitted
            and bool(self.unlocks)
            and all(
                any(_covers(route, method, path) for route in routes) for routes in self.unlocks
            )
        )

    @property
    def let_through(self) -> tuple[str, ...]:
        """The routes, of those that are named, at which all that permit let a change through."""
        named = dict.fromkeys(route for routes in self.unlocks for route in routes)
        return tuple(route for route in named if all(map(partial(_within, route), self.unlocks)))

    def scope_within(self, scope: Scope) -> Scope:
        """``scope``, or reading alone where policies say so."""
        return Scope.READ_ONLY if self.scope is Scope.READ_ONLY else scope


def _covers(route: str, method: str, path: str) -> bool:
    found = exact_route(route)
    return found is not None and found.covers(method, path)


def _within(route: str, routes: tuple[str, ...]) -> bool:
    """Whether one of ``routes`` covers whatever ``route`` does."""
    method, _, pattern = route.partition(" ")
    return any(all(_covers(other, method, path) for path in instances(pattern)) for other in routes)


NOT_THERE = PolicyVerdict(permitted=False, faults=("The policies in force are not there.",))
"""Said for a version that the application names and nobody finds: it may forbid anything."""

Judgement = Callable[[PolicyQuestion], PolicyVerdict]


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """Whom to ask about the policies in force, when, and about what was granted, if it was.

    ``version`` is that of the policies. ``address`` is where the actor is, as far as it is known.
    ``heard`` is what was asked last, and the verdict: several rules ask about one thing, and to put
    the question takes longer than to remember it.
    """

    version: int
    judge: Judgement = field(repr=False)
    now: datetime
    address: str | None = None
    grant: Grant | None = None
    heard: list[tuple[object, PolicyVerdict]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def verdict(self, about: object, question: Callable[[], PolicyQuestion]) -> PolicyVerdict:
        """The verdict ``about`` something, to which ``question`` is put if it is not the last."""
        if not (self.heard and self.heard[0][0] is about):
            self.heard[:] = [(about, self.judge(question()))]
        return self.heard[0][1]
