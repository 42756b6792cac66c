"""Where something was hidden."""

from __future__ import annotations

from understudy.sdk.redaction.hidden_at import MOST_PATHS, HiddenAt


def test_a_path_is_known_with_or_without_its_last_slash() -> None:
    found = HiddenAt()
    found.add("/users/1")
    assert (found.covers("/users/1/"), found.covers("/users/2")) == (True, False)


def test_beyond_what_is_remembered_each_path_counts() -> None:
    found = HiddenAt()
    for number in range(MOST_PATHS):
        assert not found.covers("/other")
        found.add(f"/users/{number}")
    found.add("/one/more")
    assert found.covers("/other")
