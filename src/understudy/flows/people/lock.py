"""When guessing at a password stops: by address, or by browser once somebody has signed in there.

A lock by address alone lets anybody shut an operator out, the only admin too, by guessing wrong on
purpose. So a browser that knew the password before has a lock of its own (OWASP's device cookie).
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta

from understudy.core.ports import SignInFailures, Unit, Vault
from understudy.core.text import fold_email

FREE_FAILURES = 5
"""So many failed attempts lock for a while; each further one doubles the while."""
MEMORY = timedelta(minutes=30)
"""How long after the first of them failures are forgotten, unless it is locked by then."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)

_NONCE_BYTES = 16


def new_device(unit: Unit, email: str) -> str:
    """The token of a browser in which ``email`` has just signed in; it proves nothing else."""
    nonce = _text(unit.random(_NONCE_BYTES))
    return f"{nonce}.{_proof(unit.vault, email, nonce)}"


def knows(vault: Vault, email: str, device: str | None) -> bool:
    """Whether ``device`` is the token of a browser in which ``email`` has signed in."""
    nonce, _, proof = (device or "").partition(".")
    return hmac.compare_digest(proof.encode(), _proof(vault, email, nonce).encode())


def locked_by(vault: Vault, email: str, device: str | None) -> bytes:
    """Under which key failures to sign in as ``email`` are counted."""
    # Not the address itself: the table is not to tell whose account is being guessed at.
    if device is not None and knows(vault, email, device):
        return vault.keyed_hash("sign-in from device", device)
    return vault.keyed_hash("sign-in", fold_email(email))


def locked_for(vault: Vault, operator_session_id: str) -> bytes:
    """Under which key failures to say the present password again are counted."""
    return vault.keyed_hash("present password", operator_session_id)


def locked_for_staff(vault: Vault, operator_id: str) -> bytes:
    """The same for those whom an app signs in, who get a new sign-in for the asking."""
    return vault.keyed_hash("password in the app", operator_id)


def count_failure(unit: Unit, key: bytes) -> None:
    """Count one failure under ``key``, and lock it when there are too many."""
    known = unit.sign_in_failures.get(key)
    locked = locked_until(known, unit.earliest)
    if known is None or (locked is None and unit.earliest - known.first_at >= MEMORY):
        known = SignInFailures(key=key, count=0, first_at=unit.now)
    count = known.count + 1
    unit.sign_in_failures.save(
        replace(known, count=count, locked_until=_lock(unit.now, count) or known.locked_until)
    )


def locked_until(failures: SignInFailures | None, now: datetime) -> datetime | None:
    """Until when nothing more is tried; None while it may be."""
    if failures is None or failures.locked_until is None or now >= failures.locked_until:
        return None
    return failures.locked_until


def unlock(unit: Unit, email: str) -> None:
    """Open the lock by address; browsers with locks of their own open by themselves."""
    unit.sign_in_failures.clear(locked_by(unit.vault, email, None))


def _lock(now: datetime, count: int) -> datetime | None:
    if count < FREE_FAILURES:
        return None
    # Bounded twice: the shift, and the lock, which must not become a way to shut somebody out.
    doubled = FIRST_LOCK * (1 << min(count - FREE_FAILURES, 10))
    return now + min(doubled, LONGEST_LOCK)


def _proof(vault: Vault, email: str, nonce: str) -> str:
    return _text(vault.keyed_hash("device", f"{nonce}.{fold_email(email)}"))


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
