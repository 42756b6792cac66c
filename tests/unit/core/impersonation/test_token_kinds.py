from __future__ import annotations

from datetime import timedelta

import pytest

from understudy.core.impersonation.token_kinds import NATIVE, TOKEN_LIFE, TokenKind

MINUTE = timedelta(minutes=1)
CHOSEN = TokenKind(name="chosen", replay_revokes=True, longest_life=60 * MINUTE)


@pytest.mark.parametrize(
    ("kind", "asked", "life"),
    [
        (NATIVE, None, TOKEN_LIFE),
        (NATIVE, timedelta(seconds=5), timedelta(seconds=5)),
        (NATIVE, 2 * MINUTE, TOKEN_LIFE),
        (CHOSEN, None, TOKEN_LIFE),
        (CHOSEN, 60 * MINUTE, 60 * MINUTE),
        (CHOSEN, 61 * MINUTE, 60 * MINUTE),
    ],
)
def test_a_caller_may_ask_for_less_and_gets_no_more_than_the_kind_allows(
    kind: TokenKind, asked: timedelta | None, life: timedelta
) -> None:
    assert kind.life_of(asked) == life
