"""What nodes tell each other of endings, as text: that one is to be obeyed, or is in the log.

Only who has the installation key can say either, so that whoever can notify on the database's
channel neither ends a session nor has one go on.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from understudy.core.impersonation.endings import Ending
from understudy.storage.endings.sealed import KeyedHash, sealed, unsealed

_OBEY, _LOGGED = "obey ", "logged "
_PURPOSE = "ending logged"


@dataclass(frozen=True, kw_only=True)
class Logged:
    """The ending with this id is in the log, and in the rows of its sessions."""

    id: str


def obey(ending: Ending, keyed_hash: KeyedHash) -> str:
    """That other nodes are to obey ``ending``."""
    return _OBEY + sealed(ending, keyed_hash).hex()


def logged(ending: Ending, keyed_hash: KeyedHash) -> str:
    """That rows say by now what ``ending`` said."""
    return f"{_LOGGED}{ending.id} {keyed_hash(_PURPOSE, ending.id).hex()}"


def heard(text: str, keyed_hash: KeyedHash) -> Ending | Logged | None:
    """What was told; None when no node of ours did."""
    readers: dict[str, Callable[[str, KeyedHash], Ending | Logged | None]] = {
        _OBEY: _read_ending,
        _LOGGED: _read_logged,
    }
    for start, read in readers.items():
        if text.startswith(start):
            return read(text.removeprefix(start), keyed_hash)
    return None


def _read_ending(text: str, keyed_hash: KeyedHash) -> Ending | None:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return unsealed(raw, keyed_hash)


def _read_logged(text: str, keyed_hash: KeyedHash) -> Logged | None:
    ending_id, _, mac = text.partition(" ")
    expected = keyed_hash(_PURPOSE, ending_id).hex()
    return Logged(id=ending_id) if hmac.compare_digest(mac.encode(), expected.encode()) else None
