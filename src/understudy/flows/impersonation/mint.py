"""Make a single-use impersonation token for a grant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from understudy.core.impersonation.grants import Grant, ImpersonationToken
from understudy.core.impersonation.token_kinds import CODE, NATIVE, TokenKind
from understudy.core.impersonation.tokens import NONCE_BYTES, TokenPurpose
from understudy.core.ports import Unit


@dataclass(frozen=True, kw_only=True)
class Minted:
    """The token's text, shown to its caller this once."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class CodeBinding:
    """What a code is bound to besides its client (RFC 7636, RFC 9700 section 2.1.1)."""

    redirect_uri: str
    code_challenge: str


def mint(
    unit: Unit,
    grant: Grant,
    *,
    kind: TokenKind = NATIVE,
    binding: CodeBinding | None = None,
    life: timedelta | None = None,
) -> Minted:
    """A token of ``grant`` for one protocol only; with ``binding`` it is an OAuth code.

    It lives as long as its kind says; ``life`` asks for another time, within the kind's bound.
    """
    kind = kind if binding is None else CODE
    token = unit.vault.derive_token(TokenPurpose.IMPERSONATION, unit.random(NONCE_BYTES))
    expires_at = unit.now + kind.life_of(life)
    unit.impersonation_tokens.add(
        ImpersonationToken(
            token_hash=unit.vault.token_hash(TokenPurpose.IMPERSONATION, token),
            grant_id=grant.id,
            application_id=grant.application_id,
            wire=kind.name,
            redirect_uri=binding.redirect_uri if binding else None,
            code_challenge=binding.code_challenge if binding else None,
            created_at=unit.now,
            expires_at=expires_at,
        )
    )
    return Minted(token=token, expires_at=expires_at)
