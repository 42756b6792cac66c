"""An ending as bytes, which nobody without the installation key can make.

``payload || MAC``, the payload a JSON array: it is read by other nodes and by later releases, so
its first member is a version.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import msgspec

from understudy.core.impersonation.endings import Ending, Proof, Reach
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import PartyKind
from understudy.core.times import from_ms, to_ms

MAC_BYTES = 32
VERSION = 1
_PURPOSE = "ending"

KeyedHash = Callable[[str, str], bytes]


def sealed(ending: Ending, keyed_hash: KeyedHash) -> bytes:
    """The bytes of ``ending``."""
    payload = msgspec.json.encode(
        (
            VERSION,
            ending.id,
            ending.reach,
            ending.ref,
            ending.application_id,
            ending.cause,
            ending.doer_kind,
            ending.doer_ref,
            ending.proven,
            ending.address,
            to_ms(ending.at),
        )
    )
    return payload + keyed_hash(_PURPOSE, payload.decode())


def unsealed(raw: bytes, keyed_hash: KeyedHash) -> Ending | None:
    """The ending in ``raw``; None when it was not made by this installation, or is damaged."""
    payload, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    try:
        expected = keyed_hash(_PURPOSE, payload.decode())
    except UnicodeDecodeError:
        return None
    if not hmac.compare_digest(mac, expected):
        return None
    return _read(msgspec.json.decode(payload))


def _read(fields: list[Any]) -> Ending | None:
    # Genuine by now; what it may be is of a later release, whose endings this one cannot obey.
    if fields[0] != VERSION:
        return None
    _, ending_id, reach, ref, application_id, cause, kind, doer_ref, proven, address, at = fields
    return Ending(
        id=ending_id,
        reach=Reach(reach),
        ref=ref,
        application_id=application_id,
        cause=EndCause(cause),
        doer_kind=PartyKind(kind),
        doer_ref=doer_ref,
        proven=Proof(proven),
        address=address,
        at=from_ms(at),
    )
