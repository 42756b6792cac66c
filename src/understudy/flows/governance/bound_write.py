"""What a write is bound to, as keyed hashes: they tell one from another, and not what is in it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict

from understudy.core.governance.unlocks import Unlock, Write
from understudy.core.impersonation.grants import Grant
from understudy.core.impersonation.sessions import Session
from understudy.core.ports import Vault

_WHOLE = "unlock"
_FIELD = "unlock field"
_SHOWN = "unlock shown"
_FIELD_BYTES = 16


def fingerprint(vault: Vault, write: Write, session: Session, grant: Grant) -> bytes:
    """The same for the same request of the same session, and for nothing else."""
    bound = {
        "application": session.application_id,
        "session": session.id,
        "actor": grant.actor.ref,
        "subject": grant.subject_ref,
    }
    return vault.keyed_hash(_WHOLE, _canonical([bound, asdict(write)]))


def field_hashes(vault: Vault, write: Write, session: Session) -> Mapping[str, str]:
    """For each field a keyed hash of its values, of this session alone."""
    values: dict[str, list[str]] = {}
    for name, value in write.fields:
        values.setdefault(name, []).append(value)
    return {
        name: vault.keyed_hash(_FIELD, _canonical([session.id, name, given]))[:_FIELD_BYTES].hex()
        for name, given in values.items()
    }


def is_of(unlock: Unlock, given: bytes) -> bool:
    """Whether ``unlock`` is for the write of this fingerprint."""
    return hmac.compare_digest(unlock.fingerprint, given)


def sealed(vault: Vault, unlock_id: str, write: Write) -> bytes:
    """``write`` for whoever decides about it; nobody else can open it."""
    return vault.encrypt(f"{_SHOWN} {unlock_id}", _canonical(asdict(write)).encode())


def opened(vault: Vault, unlock: Unlock) -> Write | None:
    """What is to be decided about; None once it was."""
    if unlock.shown is None:
        return None
    found = json.loads(vault.decrypt(f"{_SHOWN} {unlock.id}", unlock.shown))
    found["query"], found["fields"] = _pairs(found["query"]), _pairs(found["fields"])
    return Write(**found)


def _pairs(read: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in read)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
