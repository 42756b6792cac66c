from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.rules.world import HERE
from tests.fixtures.engine import Installation
from tests.fixtures.engine import installation as new_installation
from tests.fixtures.refusals import refusal_of
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.errors import TokenInvalid
from understudy.flows.people import set_up, team


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    """An installation in which nobody can sign in yet."""
    with new_installation(tmp_path) as made:
        yield made
        assert made.engine.verify().findings == ()


def _offer(made: Installation) -> str:
    token = made.engine.run(set_up.offer)
    assert token is not None
    return token


def _set_up(made: Installation, token: str) -> Operator:
    return made.engine.run(
        lambda unit: set_up.set_up(
            unit, token, email=" Mara@X.example", name="Mara", password_hash="hash", origin=HERE
        )
    )


def _until(made: Installation, token: str) -> object:
    with made.engine.reading() as reader:
        return set_up.offered_until(reader, token, made.clock())


def test_the_first_admin_is_made_once(empty: Installation) -> None:
    token = _offer(empty)
    assert _until(empty, token) == empty.clock.now + set_up.SET_UP_LIFE
    admin = _set_up(empty, token)
    assert admin.email == "mara@x.example"
    assert admin.roles == {Role.ADMIN}
    assert admin.active
    for use in (_set_up, _until):
        with refusal_of(TokenInvalid, "token_invalid"):
            use(empty, token)


def test_there_is_no_offer_once_somebody_exists(empty: Installation) -> None:
    _set_up(empty, _offer(empty))
    assert empty.engine.run(set_up.offer) is None


def test_an_invitation_by_the_command_line_closes_the_offer(empty: Installation) -> None:
    token = _offer(empty)
    empty.engine.run(
        lambda unit: team.invite(
            unit,
            email="a@x.example",
            name="A",
            roles=[Role.ADMIN],
            by=SYSTEM,
            origin=HERE,
        )
    )
    with refusal_of(TokenInvalid, "token_invalid"):
        _set_up(empty, token)


def test_the_next_start_kills_the_earlier_link(empty: Installation) -> None:
    earlier, later = _offer(empty), _offer(empty)
    with refusal_of(TokenInvalid, "token_invalid"):
        _set_up(empty, earlier)
    assert _set_up(empty, later).active


def test_the_link_is_dead_at_its_very_end(empty: Installation) -> None:
    token = _offer(empty)
    empty.clock.forward(hours=24, milliseconds=-1)
    assert _until(empty, token)
    empty.clock.forward(milliseconds=1)
    with pytest.raises(TokenInvalid) as expired:
        _set_up(empty, token)
    assert "expired" in expired.value.detail


@pytest.mark.parametrize("token", ["", "usv_guess"])
def test_a_guess_is_refused(empty: Installation, token: str) -> None:
    with refusal_of(TokenInvalid, "token_invalid"):
        _until(empty, token)
    _offer(empty)
    with refusal_of(TokenInvalid, "token_invalid"):
        _until(empty, token)


def test_only_the_hash_of_the_link_is_stored(empty: Installation) -> None:
    token = _offer(empty)
    with empty.engine.reading() as reader:
        kept = reader.meta.get("set_up_token_mac")
    assert kept is not None
    assert token not in kept
