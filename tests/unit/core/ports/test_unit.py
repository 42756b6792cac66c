from collections.abc import Iterator
from typing import Any, get_type_hints

from understudy.core.ports import Reader, Unit

READING = {
    *(
        "get",
        "has",
        "list",
        "search",
        "window",
        "of",
        "live",
        "due",
        "pending",
        "standing",
        "expired",
    ),
    *("count", "count_live", "count_due", "held_roles", "ids", "size"),
    *("newest", "after", "older_than", "last_version", "others_of_actor"),
    *("granted_by_day", "subjects_of_actor", "refused_by_day", "honey"),
    *("actions_of", "attempts_of", "of_grant", "of_operator", "of_session", "waiting"),
    *("standing_or_used", "tries_of", "freezes"),
    *("by_email", "by_external_id", "by_secret", "by_slug", "by_staff_id", "by_token"),
}


def halves(offering: type[Any]) -> Iterator[tuple[str, type[Any]]]:
    for name, value in vars(offering).items():
        if isinstance(value, property):
            yield name, get_type_hints(value.fget)["return"]


def verbs(half: type[Any]) -> set[str]:
    return {name for name in dir(half) if not name.startswith("_")}


def test_no_half_that_a_reader_offers_has_a_verb_that_writes() -> None:
    offered = {name: verbs(half) for name, half in halves(Reader)}
    assert len(offered) == 27
    assert {name: found - READING for name, found in offered.items() if found - READING} == {}


def test_a_unit_offers_of_each_repository_the_half_that_writes_but_of_the_log() -> None:
    reading, writing = dict(halves(Reader)), dict(halves(Unit))
    assert set(reading) - set(writing) == {"entries"}
    for name, half in writing.items():
        if name != "erasures":
            assert reading[name] in half.__mro__, name
            assert verbs(half) > verbs(reading[name]), name
