"""The oracle: what no reachable session may be, in the words of the rules that no setting breaks.

Written from those words and by plain look-ups in ``Facts``; nothing of the product is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.contract.histories.facts import (
    MANAGER,
    Agreed,
    Facts,
    Permitted,
    Person,
    Session,
    Who,
)
from tests.contract.histories.policy_texts import Terms

LONGEST = timedelta(minutes=60)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """As what a session would be served: asked for anew, or from a guard's copy of ``asked_at``."""

    by: str
    asked_at: datetime
    ends: datetime
    only_reading: bool
    subject: str
    actor: str


def faults(facts: Facts, session: Session, reached: Reached) -> Iterator[str]:
    """Everything that speaks against serving ``session`` as it was ``reached``."""
    if session.over is not None:
        yield f"it is over: {session.over}"
    yield from _limits(facts, session, reached)
    yield from fallen(facts, session)
    yield from _moment(facts, session, reached)
    yield from _width(facts, session, reached)


def fallen(facts: Facts, session: Session) -> Iterator[str]:
    """The premises that are gone, but for those that come and go with the hour."""
    grant = session.grant
    person = person_of(facts, grant)
    yield from application_faults(facts)
    yield from actor_faults(facts, facts.actors[grant.actor])
    if person is None or person.disabled:
        yield "the subject is not there, or disabled"
        return
    yield from _subject(facts, grant, person)
    yield from _tenant(facts, grant, person)
    yield from _agreement(facts, grant, person)


def application_faults(facts: Facts) -> Iterator[str]:
    """Why nobody works in the application."""
    if not (facts.app.active and facts.app.allowed):
        yield "impersonation is off in the application"


def actor_faults(facts: Facts, actor: Who) -> Iterator[str]:
    """Why ``actor`` works as nobody."""
    if actor.operator and not (actor.active and MANAGER in actor.roles):
        yield "the actor is disabled, or holds no role that impersonates"
    if actor.cases:
        yield "a case keeps the actor from working"
    if not actor.operator and actor.email in facts.app.addresses:
        yield "the actor whom the application names has an operator's address"


def _subject(facts: Facts, grant: Permitted, person: Person) -> Iterator[str]:
    actor = facts.actors[grant.actor]
    if person.protected:
        yield "the subject is protected"
    if person.honey:
        yield "the subject is a honey user"
    if rank(facts, person) >= actor.rank:
        yield "the subject's rank is at or above the actor's"
    if person.email.casefold() == actor.email.casefold():
        yield "the subject is the actor"


def rank(facts: Facts, person: Person) -> int:
    """The highest of the ranks that a person's roles have."""
    return max((facts.app.ranks.get(role, 0) for role in person.roles), default=0)


def _tenant(facts: Facts, grant: Permitted, person: Person) -> Iterator[str]:
    granted = grant.organization
    if (granted and granted[0]) != person.organization:
        yield "the subject is in another tenant than the grant's"
    elif granted is not None:
        tenant = facts.tenants[granted[0]]
        if not tenant.active or tenant.generation != granted[1]:
            yield "the tenant is disabled, or another one"


def _agreement(facts: Facts, grant: Permitted, person: Person) -> Iterator[str]:
    if grant.refused:
        yield "somebody said no, or took their approval back"
    wanted = max(grant.quorum, facts.app.quorum, terms_on(facts, grant, person, hour=0.0).quorum)
    if len(grant.said) < wanted and not grant.broke_glass:
        yield "fewer agree than have to"
    mode = facts.app.consent_for(person.organization)
    if mode != "off" and not list(bearing(facts, grant, mode)):
        yield "nothing that the user agreed to bears it"


def bearing(facts: Facts, grant: Permitted, mode: str) -> Iterator[Agreed]:
    """What the user agreed to on which the grant may stand."""
    for one in facts.consents:
        if one.withdrawn or one.whom != grant.whom:
            continue
        for_days = mode == "standing" and not one.once and facts.now < one.until
        if for_days or (one.once and one.grant == grant.id):
            yield one


def _limits(facts: Facts, session: Session, reached: Reached) -> Iterator[str]:
    """Rule 5: sixty minutes, its own end, and the idle time."""
    began = session.grant.began or session.began
    if facts.now >= began + LONGEST:
        yield "it is older than sixty minutes"
    if facts.now >= session.ends:
        yield "it is past its own end"
    if reached.ends > session.ends:
        yield "it was prolonged"
    if facts.now >= session.active + session.idle:
        yield "it was idle for too long"


def _moment(facts: Facts, session: Session, reached: Reached) -> Iterator[str]:
    """What the policies in force say, at the hour at which it was asked whether it may go on."""
    person = person_of(facts, session.grant)
    if person is not None:
        terms = terms_on(facts, session.grant, person, hour=hour_of(reached.asked_at))
        if not terms.permits:
            yield f"the policy {facts.app.policy.name!r} forbids it"
        if terms.only_reading and not reached.only_reading:
            yield f"it is wider than the policy {facts.app.policy.name!r}"
        if reached.ends > _began(session) + timedelta(minutes=terms.minutes):
            yield f"it is longer than the policy {facts.app.policy.name!r}"


def _width(facts: Facts, session: Session, reached: Reached) -> Iterator[str]:
    """Within what was asked for, approved, agreed to by the user, and set by now."""
    grant, person = session.grant, person_of(facts, session.grant)
    minutes = [grant.minutes, facts.app.max_minutes, *(most for most, _ in grant.said.values())]
    reading = [grant.only_reading, facts.app.only_reading, session.only_reading]
    reading += [only for _, only in grant.said.values()]
    mode = facts.app.consent_for(person.organization if person else None)
    found = list(bearing(facts, grant, mode)) if mode != "off" else []
    if found:
        reading.append(all(one.only_reading for one in found))
        minutes.append(max(one.minutes or 60 for one in found))
    if any(reading) and not reached.only_reading:
        yield "its scope is wider than what was asked for, approved, agreed to or set"
    if reached.ends > _began(session) + timedelta(minutes=min(minutes)):
        yield "it is longer than what was asked for, approved, agreed to or set"
    if (reached.subject, reached.actor) != (grant.whom[0], grant.actor):
        yield "it names somebody else"


def _began(session: Session) -> datetime:
    return session.grant.began or session.began


def person_of(facts: Facts, grant: Permitted) -> Person | None:
    """Whom the grant is about, while they are there and still the same."""
    person = facts.people[grant.whom[0]]
    return None if person.deleted or person.key != grant.whom else person


def terms_on(facts: Facts, grant: Permitted, person: Person, *, hour: float) -> Terms:
    """What the policies in force say of the grant at some hour of the day."""
    return facts.app.policy.says(facts.actors[grant.actor].asks_for(person, hour=hour))


def permitted_at_any_hour(facts: Facts, session: Session) -> bool:
    """Whether the policies permit it at some hour of the day."""
    person = person_of(facts, session.grant)
    if person is None:
        return False
    return any(terms_on(facts, session.grant, person, hour=hour).permits for hour in (0.0, 23.0))


def hour_of(moment: datetime) -> float:
    """The hour of the day, with its parts."""
    passed = moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return passed / timedelta(hours=1)
