"""The oracle of single changes: each passes once, and is never wider than asked and decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.contract.histories.facts import DECIDERS, Change, Facts, Permitted, Session, Who
from tests.contract.histories.judging import Reached, faults, hour_of, person_of, terms_on

WAITS = timedelta(minutes=10)
"""So long one that was asked for waits, and one that was allowed can be made."""


def misasked(facts: Facts, session: Session) -> Iterator[str]:
    """What speaks against it that anything is asked for, or made, in ``session`` at this moment."""
    grant = session.grant
    by_now = Reached(
        by="a change",
        asked_at=facts.now,
        ends=session.ends,
        only_reading=True,
        subject=grant.whom[0],
        actor=grant.actor,
    )
    yield from faults(facts, session, by_now)
    if not facts.app.unlocks:
        yield "the application lets nobody ask for changes"


def misdecided(facts: Facts, change: Change, who: Who) -> Iterator[str]:
    """What speaks against it that ``who`` decides about ``change``."""
    session = facts.sessions[change.session]
    grant, person = session.grant, facts.people[session.grant.whom[0]]
    if who.name == grant.actor:
        yield "its own actor decides"
    if who.email.casefold() == person.email.casefold() and person.key == grant.whom:
        yield "its own subject decides"
    if not may_decide(who):
        yield "somebody decides who may not"
    if change.allowed is not None or change.refused:
        yield "it was decided before"
    if facts.now >= change.asked + WAITS:
        yield "it waited for too long"


def misspent(facts: Facts, change: Change, session: Session, what: str) -> Iterator[str]:
    """What speaks against it that ``what`` is made in ``session`` by what ``change`` allowed."""
    yield from misasked(facts, session)
    if (change.session, change.what) != (session.id, what):
        yield "it was allowed for something else"
    if change.spent:
        yield "it was made before"
    if change.allowed is None or change.refused:
        yield "nobody has allowed it"
    elif facts.now >= change.allowed + WAITS:
        yield "it was allowed too long ago"
    elif change.by is None and not let_by_policy(facts, session.grant, what):
        yield "the policies in force leave it to people"
    elif change.by is not None and not may_decide(facts.actors[change.by]):
        yield "whoever allowed it may decide no longer"


def let_by_policy(facts: Facts, grant: Permitted, what: str) -> bool:
    """Whether the policies in force let ``what`` through at this moment."""
    person = person_of(facts, grant)
    if person is None:
        return False
    terms = terms_on(facts, grant, person, hour=hour_of(facts.now))
    return terms.permits and what in terms.lets


def may_decide(who: Who) -> bool:
    """Whether somebody is among those who decide, and is not frozen."""
    return who.active and not who.cases and not DECIDERS.isdisjoint(who.roles)
