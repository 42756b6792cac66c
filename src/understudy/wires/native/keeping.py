"""What a guard says that it keeps; a service of before would refuse a field that says so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from understudy.core.applications.application import ApplicationSettings
from understudy.core.governance.deny_packs import DenyPacks
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.sdk.keeping import HOLDS, KEEPS, REDACTION

_DIGEST_LETTERS = 32


def keeps_redaction(headers: Mapping[str, str]) -> bool:
    """Whether the caller hides what rules of redaction name."""
    return REDACTION in (word.strip() for word in headers.get(KEEPS, "").split(","))


def digest_of(settings: ApplicationSettings) -> str | None:
    """What names all that is blocked; None for nothing, which is short enough as it is."""
    return _digest(settings.blocked_actions, settings.deny_packs)


def holds(headers: Mapping[str, str], digest: str | None) -> bool:
    """Whether the caller has the list of this digest already."""
    return digest is not None and headers.get(HOLDS) == digest


@lru_cache(maxsize=64)
def _digest(own: tuple[BlockedAction, ...], packs: DenyPacks) -> str | None:
    denied = [(one.method, one.pattern, one.label) for one in (*own, *packs.actions())]
    if not denied:
        return None
    return hashlib.sha256(msgspec.json.encode(denied)).hexdigest()[:_DIGEST_LETTERS]
