"""Tokens are looked up by a hash that nobody can make who lacks the installation key.

The columns are renamed, so that a node of the release before finds none of them and fails closed:
it would look tokens up by a plain SHA-256, which whoever writes to the database can plant.

Whatever can be shown to be ours goes on: a session by its nonce and, while it lives, its entry; a
sign-in, an invitation and a waiting token by the entry of their making. What cannot is stored under
a hash that no token has. Secrets of applications are in no entry, and are carried over as they are.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from understudy.core.impersonation.tokens import TokenPurpose
from understudy.storage.database.migrations import Port

COMPATIBLE_FROM = 8
AT_ONCE = 500

_COLUMNS = (
    ("applications", "secret_hash", "secret_mac"),
    ("applications", "previous_secret_hash", "previous_secret_mac"),
    ("operator_sessions", "token_hash", "token_mac"),
    ("invitations", "token_hash", "token_mac"),
    ("impersonation_tokens", "token_hash", "token_mac"),
    ("sessions", "token_hash", "token_mac"),
)
_REACHED = "keyed_token_hashes"
"""Up to which session it is done; only there while it is not over."""

Shown = Callable[[Port, Any], bool]


def expand(port: Port) -> None:
    """Rename, and carry over what there is little of."""
    for table, before, after in _COLUMNS:
        port.execute(f"ALTER TABLE {table} RENAME COLUMN {before} TO {after}")
    if not port.require_our_key():
        return
    _carry(port, "applications", "secret_mac", TokenPurpose.APPLICATION_SECRET)
    _carry(port, "applications", "previous_secret_mac", TokenPurpose.APPLICATION_SECRET)
    _carry(port, "operator_sessions", "token_mac", TokenPurpose.OPERATOR_SESSION, _SIGNED_IN)
    _carry(port, "invitations", "token_mac", TokenPurpose.INVITATION, _INVITED)
    _carry(port, "impersonation_tokens", "token_mac", TokenPurpose.IMPERSONATION, _GRANTED)
    # Offered anew at each start.
    port.execute("DELETE FROM meta WHERE name = 'set_up_token_hash'")
    port.execute("INSERT INTO meta (name, value) VALUES (:name, '')", {"name": _REACHED})


def fill(port: Port) -> int:
    """A slice of the sessions, by id; there may be many that are over."""
    reached = port.execute("SELECT value FROM meta WHERE name = :name", {"name": _REACHED})
    if not reached:
        return 0
    rows = port.execute(
        "SELECT id, token_mac, token_nonce, ended_at IS NULL FROM sessions"
        " WHERE id > :id ORDER BY id LIMIT :limit",
        {"id": reached[0][0], "limit": AT_ONCE},
    )
    for session_id, digest, nonce, live in rows:
        ours = _is_of(port, digest, nonce) and (not live or _is_logged(port, session_id))
        stored = _stored(port, "sessions", TokenPurpose.SESSION, digest, ours=ours)
        port.execute(
            "UPDATE sessions SET token_mac = :stored WHERE id = :id",
            {"stored": stored, "id": session_id},
        )
    if rows:
        port.execute(
            "UPDATE meta SET value = :id WHERE name = :name", {"id": rows[-1][0], "name": _REACHED}
        )
    else:
        port.execute("DELETE FROM meta WHERE name = :name", {"name": _REACHED})
    return len(rows)


# What shows that a row is ours, by an entry that was made in the same transaction. Erased entries
# name nobody any more; what they told of is over by then.
_SIGNED_IN = """
    SELECT 1 FROM log_entries WHERE actor_ref = operator_id AND time_ms = created_at
    AND type IN ('operator.signed_in', 'operator.joined', 'operator.password_changed')
"""
_INVITED = """
    SELECT 1 FROM log_entries WHERE subject_ref = operator_id AND time_ms = invitations.created_at
    AND type = 'operator.invited'
"""
_GRANTED = """
    SELECT 1 FROM log_entries WHERE log_entries.grant_id = impersonation_tokens.grant_id
    AND session_id IS NULL AND type = 'grant.created'
"""


def _carry(
    port: Port, table: str, column: str, purpose: TokenPurpose, shown_by: str = "SELECT 1"
) -> None:
    rows = port.execute(
        f"SELECT {column}, EXISTS ({shown_by}) FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - names of ours
    )
    for digest, ours in rows:
        stored = _stored(port, table, purpose, digest, ours=bool(ours))
        port.execute(
            f"UPDATE {table} SET {column} = :stored WHERE {column} = :digest",  # noqa: S608 - names of ours
            {"stored": stored, "digest": digest},
        )


def _stored(port: Port, table: str, purpose: TokenPurpose, digest: bytes, *, ours: bool) -> bytes:
    if ours:
        return port.vault.token_hash_of(purpose, digest)
    # As long as others, different for each, and made from no token.
    return port.vault.keyed_hash(f"not carried over/{table}", bytes(digest).hex())


def _is_of(port: Port, digest: bytes, nonce: bytes) -> bool:
    token = port.vault.derive_token(TokenPurpose.SESSION, nonce)
    return hmac.compare_digest(hashlib.sha256(token.encode()).digest(), bytes(digest))


def _is_logged(port: Port, session_id: str) -> bool:
    return bool(
        port.execute(
            "SELECT 1 FROM log_entries WHERE session_id = :id AND type = 'session.started' LIMIT 1",
            {"id": session_id},
        )
    )
