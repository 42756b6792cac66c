"""Which filter walks an index."""

from __future__ import annotations

from understudy.storage.tables.driving import drive

ORDER = ("session_id", "actor_ref")


def test_the_first_filter_of_the_order_that_is_given_drives() -> None:
    assert drive({"actor_ref": "a", "session_id": "s"}, ORDER) == {
        "actor_ref": "a",
        "by_session_id": "s",
    }
    assert drive({"actor_ref": "a", "session_id": None}, ORDER) == {
        "by_actor_ref": "a",
        "session_id": None,
    }


def test_without_a_filter_nothing_drives() -> None:
    assert drive({"actor_ref": None, "outcome": "ok"}, ORDER) == {
        "actor_ref": None,
        "outcome": "ok",
    }
