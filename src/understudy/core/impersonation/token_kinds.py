"""Kinds of impersonation tokens: each is made for one protocol, and taken by that one only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

TOKEN_LIFE = timedelta(seconds=60)
"""How long a native impersonation token lives, unless its kind says otherwise (DESIGN rule 6)."""


@dataclass(frozen=True, kw_only=True)
class TokenKind:
    """What a protocol's tokens are like. ``name`` is stored with each of them, and never changes.

    With ``replay_revokes`` a second use also ends what the first one began; without it clients
    expect that the session goes on (DESIGN rule 6). Nobody gets more than ``longest_life``; None
    means that nobody gets more than ``life``.
    """

    name: str
    replay_revokes: bool
    life: timedelta = TOKEN_LIFE
    longest_life: timedelta | None = None

    def life_of(self, asked: timedelta | None) -> timedelta:
        """How long a token lives of which ``asked`` is wanted; None leaves it to its kind."""
        return self.life if asked is None else min(asked, self.longest_life or self.life)


NATIVE = TokenKind(name="native", replay_revokes=True)
CODE = TokenKind(name="code", replay_revokes=True)
"""An authorization code: bound to client, redirect URI and challenge."""
DELEGATED = TokenKind(name="delegated", replay_revokes=True)
"""The secret inside of a subject token of RFC 8693."""

TokenKinds = Mapping[str, TokenKind]
"""The kinds that a node knows, by name. A token of any other kind is refused."""
