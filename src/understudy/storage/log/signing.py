"""The keys that sign the log: made at the first start, replaced with an overlap, never forgotten.

A key pair lies in the database, its private half encrypted for exactly this id and public half.
Whoever can write to the database but lacks the installation key can therefore neither bring a key
of their own nor pass one key off as another; all they can do is make the log unwritable.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from understudy.audit.entries.handover import Handover
from understudy.audit.tlog.note import Signer, Verifier, claimed
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import SYSTEM, Event, EventType, Party
from understudy.core.ports import KeyUse, SigningKey, Unit, Vault
from understudy.core.times import to_ms
from understudy.errors import KeyMismatch, LogUnwritable, SignatureInvalid

SEED_BYTES = 32
"""An Ed25519 private key (RFC 8032, section 5.1.5)."""

OVERLAP = timedelta(days=1)
"""How long a new key is published before it signs, so that whoever pins keys can learn it."""

_ORIGIN = "understudy.local/"


def log_origin(installation_id: str) -> str:
    """The log's name: unique, without a scheme, and not an address of anything."""
    return _ORIGIN + installation_id


@dataclass(frozen=True, kw_only=True)
class LogKey:
    """A key pair of the log, its two halves shown to belong together."""

    stored: SigningKey
    signer: Signer

    def signs_at(self, now: datetime) -> bool:
        """Whether it is this key's turn to sign."""
        until = self.stored.signs_until
        return self.stored.signs_from <= now and (until is None or now < until)


class LogKeys:
    """All keys that ever signed the log or are about to, in the order of their turns."""

    def __init__(self, keys: Sequence[LogKey]) -> None:
        self._keys = tuple(sorted(keys, key=_turn))

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """The public halves, to be published: old checkpoints verify under old keys."""
        return tuple(key.signer.verifier for key in self._keys)

    def signer_at(self, now: datetime) -> Signer:
        """The newest key whose turn it is.

        :raises LogUnwritable: when there is none.
        """
        for key in reversed(self._keys):
            if key.signs_at(now):
                return key.signer
        first = self._keys[:1]
        if first and now < first[0].stored.signs_from:
            # Another node, its clock a little ahead of ours, has only just made it.
            return first[0].signer
        raise LogUnwritable(internal="no signing key of the log is valid at this time")

    def successor_at(self, now: datetime) -> Signer | None:
        """The key that is announced to sign next, if there is one."""
        for key in self._keys:
            stored = key.stored
            # One whose turn was made empty was replaced before it came.
            if stored.signs_from > now and stored.signs_until != stored.signs_from:
                return key.signer
        return None

    def verifier_of(self, note: bytes) -> Verifier:
        """The known key that ``note`` claims to be signed with; the signature is still to verify.

        :raises MalformedNote: when it is not a note.
        :raises SignatureInvalid: when no known key is named in it.
        """
        verifier = claimed(note, self.verifiers)
        if verifier is None:
            raise SignatureInvalid("the checkpoint is signed by no key of this installation")
        return verifier


class LogKeyring:
    """Opens the stored keys of the log named ``origin``, each one once."""

    def __init__(self, vault: Vault, *, origin: str) -> None:
        self._vault = vault
        self.origin = origin
        self._opened: dict[tuple[str, bytes, bytes], Signer] = {}

    def open(self, stored: Sequence[SigningKey]) -> LogKeys:
        """The keys, ready for use.

        :raises KeyMismatch: when one was not made by this installation, or was changed since.
        """
        return LogKeys([LogKey(stored=key, signer=self._signer(key)) for key in stored])

    def _signer(self, key: SigningKey) -> Signer:
        known = (key.id, key.public, key.private_encrypted)
        if known not in self._opened:
            seed = self._vault.decrypt(_purpose(key.id, key.public), key.private_encrypted)
            signer = Signer(name=self.origin, seed=seed)
            # Sealed for this public half, yet a fault in sealing must not end in signatures nobody
            # can check.
            if not hmac.compare_digest(signer.verifier.public_key, key.public):
                raise KeyMismatch(internal=f"the halves of signing key {key.id} do not belong")
            self._opened[known] = signer
        return self._opened[known]


def make_log_key(unit: Unit, *, origin: str, signs_from: datetime) -> LogKey:
    """A new key pair of the log, stored with ``unit``."""
    seed = unit.random(SEED_BYTES)
    signer = Signer(name=origin, seed=seed)
    key_id = unit.new_id(IdPrefix.KEY)
    public = signer.verifier.public_key
    stored = SigningKey(
        id=key_id,
        use=KeyUse.LOG,
        application_id=None,
        public=public,
        private_encrypted=unit.vault.encrypt(_purpose(key_id, public), seed),
        created_at=unit.now,
        signs_from=signs_from,
    )
    unit.signing_keys.add(stored)
    return LogKey(stored=stored, signer=signer)


def rotate_log_key(
    unit: Unit, *, origin: str, overlap: timedelta = OVERLAP, actor: Party = SYSTEM
) -> Verifier:
    """Announce a new key, in the log and hence signed by the old one, and hand over in time.

    The old key signs for ``overlap`` more, both until then, and the old one verifies for ever. A
    handover that was planned before and has not happened is replaced by this one. The caller
    checks permissions.
    """
    handover = unit.now + overlap
    keyring = LogKeyring(unit.vault, origin=origin)
    old = keyring.open(unit.signing_keys.of(KeyUse.LOG)).signer_at(unit.now)
    for key in unit.signing_keys.of(KeyUse.LOG):
        # It was planned and never signed: its turn becomes empty, and its public half stays known.
        if key.signs_from > handover:
            unit.signing_keys.save(replace(key, signs_until=key.signs_from))
        elif key.signs_until is None or key.signs_until > handover:
            unit.signing_keys.save(replace(key, signs_until=handover))
    # Behind the loop, which would otherwise end the new key's turn as well.
    new = make_log_key(unit, origin=origin, signs_from=handover)
    # Into the log, signed by the old key: whoever trusts the old one has reason to trust the new,
    # also when they come back only after it has signed for the last time.
    signed = Handover.sign(old, new=new.signer.verifier, signs_from_ms=to_ms(handover))
    details = {"use": KeyUse.LOG.value, "key_id": new.stored.id, **signed.to_details()}
    unit.record(Event(type=EventType.KEYS_ROTATED, actor=actor, details=details))
    return new.signer.verifier


def _turn(key: LogKey) -> tuple[datetime, datetime]:
    forever = datetime.max.replace(tzinfo=UTC)
    return key.stored.signs_from, key.stored.signs_until or forever


def _purpose(key_id: str, public: bytes) -> str:
    return f"signing key/log/{key_id}/{public.hex()}"
