"""The oracle of limits on those who work as others: budgets, and users who are bait."""

from __future__ import annotations

from datetime import timedelta

from tests.contract.histories.facts import Facts, Permitted, Person, Who
from tests.contract.histories.judging import actor_faults, application_faults

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def over_budget(facts: Facts, actor: str, whom: tuple[str, int]) -> bool:
    """Whether ``whom`` is one too many for ``actor``, so that somebody has to agree."""
    app = facts.app
    return any(
        limit is not None and len(_others(facts, actor, whom, within)) >= limit
        for limit, within in ((app.subjects_an_hour, HOUR), (app.subjects_a_day, DAY))
    )


def _others(
    facts: Facts, actor: str, whom: tuple[str, int], within: timedelta
) -> set[tuple[str, int]]:
    """Whom else ``actor`` was granted to become of late; what others refused at once is nobody."""
    return {
        one.whom
        for one in facts.grants.values()
        if one.actor == actor
        and one.whom != whom
        and one.made > facts.now - within
        and not (one.refused and one.began is None)
    }


def unbacked(facts: Facts, grant: Permitted) -> bool:
    """Whether a session of ``grant`` is one too many, and nobody has agreed to that."""
    return over_budget(facts, grant.actor, grant.whom) and not (grant.said or grant.broke_glass)


def alarm_due(
    facts: Facts, actor: Who, person: Person, *, minutes: int | None, glass: bool
) -> bool:
    """Whether an alarm has to be raised: ``actor`` would have got in, was there not the bait."""
    app = facts.app
    if not person.honey or person.deleted:
        return False
    asked_well = (minutes or 0) <= app.max_minutes and (app.break_glass or not glass)
    # In whose account somebody works nobody else is asked about.
    alone = all(one.email.casefold() != actor.email.casefold() for one in facts.people.values())
    in_order = not [*application_faults(facts), *actor_faults(facts, actor)]
    return asked_well and alone and in_order
