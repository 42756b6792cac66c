from __future__ import annotations

import stat
from pathlib import Path

import pytest

from understudy.cli.follow_state import FollowState, only_one
from understudy.errors import InvalidInput


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.state"


def test_what_was_saved_is_read_again(path: Path) -> None:
    state = FollowState(path, origin="log.example")
    assert state.read() is None
    for after in (0, 41, 42):
        state.save(after)
        assert FollowState(path, origin="log.example").read() == after
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_crash_while_it_is_replaced_leaves_the_old_one(path: Path) -> None:
    state = FollowState(path, origin="log.example")
    state.save(41)
    path.with_name("log.state.new").write_text('{"orig')
    assert state.read() == 41
    state.save(42)
    assert state.read() == 42


@pytest.mark.parametrize(
    "content",
    ["", "41", "[]", "{}", '{"origin": "log.example"}', '{"origin": "log.example", "after": "41"}',
     '{"origin": "log.example", "after": true}', '{"origin": "x", "after": 1, "more": 2}'],
)  # fmt: skip
def test_anything_else_is_refused_and_left_as_it_is(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(InvalidInput, match="is not a state"):
        FollowState(path, origin="log.example").read()
    assert path.read_text() == content


def test_the_state_of_another_log_is_refused(path: Path) -> None:
    FollowState(path, origin="log.example").save(41)
    with pytest.raises(InvalidInput, match="about another log"):
        FollowState(path, origin="other.example").read()


def test_two_followers_do_not_share_a_state(path: Path) -> None:
    with only_one(path), pytest.raises(InvalidInput, match="Another follower"), only_one(path):
        pass
    with only_one(path):
        pass
