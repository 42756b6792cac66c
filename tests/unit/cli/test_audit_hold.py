from __future__ import annotations

from tests.unit.cli.conftest import Prepared

REASON = ("--reason", "Smith v. Acme")


def test_a_hold_is_placed_listed_and_released(prepared: Prepared) -> None:
    words = ("--app", prepared.app_id, "--subject", "ada", *REASON)
    placed = prepared.facts("audit", "hold", "place", *words)
    assert placed == {
        "hold_id": placed["hold_id"],
        "application_id": prepared.app_id,
        "subject_id": "ada",
        "reason": "Smith v. Acme",
        "placed_by": "command line",
        "placed_at": placed["placed_at"],
        "released_at": None,
    }
    assert prepared.facts("audit", "hold", "list") == [placed]
    released = prepared.facts("audit", "hold", "release", placed["hold_id"])
    assert released["released_at"] is not None
    assert prepared.facts("audit", "hold", "release", placed["hold_id"]) == released
    assert prepared.facts("audit", "hold", "list") == []
    assert prepared.facts("audit", "hold", "list", "--all", "--app", prepared.app_id) == [released]
    assert "Nothing is under hold." in prepared.run("audit", "hold", "list").stderr
    types = [row["type"] for row in prepared.facts("audit", "list", "--limit", "2")]
    assert types == ["hold.released", "hold.placed"]


def test_nobody_under_hold_is_erased(prepared: Prepared) -> None:
    prepared.facts("audit", "hold", "place", "--app", prepared.app_id, *REASON)
    erase = ("audit", "erase", "--subject", "ada", "--app", prepared.app_id)
    assert "A legal hold covers this user" in prepared.refused(*erase)


def test_what_does_not_exist_is_said_in_a_sentence(prepared: Prepared) -> None:
    place = ("audit", "hold", "place", "--app", prepared.app_id, *REASON, "--subject", "nobody")
    assert prepared.refused(*place) == (
        "The application never had a user with the id nobody. [not_found]"
    )
    assert prepared.refused("audit", "hold", "release", "hld_1") == (
        "There is no hold hld_1. See: understudy audit hold list [not_found]"
    )
    other = ("audit", "hold", "place", "--app", "app_other", *REASON)
    assert "Known are:" in prepared.refused(*other)
