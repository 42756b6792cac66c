"""The RSA keys that sign session JWTs: one pair for each application, replaced with an overlap.

With one key for all, an SDK of application A would take a token made for B.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from joserfc.jwk import RSAKey

from understudy.core.events import Event, EventType, Party
from understudy.core.ports import Engine, KeyUse, Reader, SigningKey, Unit, Vault
from understudy.core.tokens import IdPrefix
from understudy.errors import Unavailable

BITS = 2048
PUBLISHED_FIRST = timedelta(minutes=10)
"""A new key is published this long before it signs: twice as long as anybody caches the JWKS."""
VERIFIES_LONGER = timedelta(minutes=15)
"""How long an old key stays published after its last signature; a JWT lives for 5 minutes."""

_EXPONENT = 65537
PublicJwk = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A fresh pair as DER: SubjectPublicKeyInfo, and PKCS #8."""

    public: bytes
    private: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class JwtSigner:
    """A private key, and the ``kid`` by which verifiers find its public half."""

    kid: str
    key: RSAKey = field(repr=False)


def generate() -> KeyPair:
    """A new pair. Takes some 100 ms: never inside a flow, nor in an event loop."""
    private = generate_private_key(_EXPONENT, BITS)
    return KeyPair(
        public=private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        private=private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )


def has_key(reader: Reader, application_id: str, now: datetime) -> bool:
    """Whether the application has a key that signs at ``now``."""
    return _signing(reader, application_id, now) is not None


def add_first(unit: Unit, application_id: str, pair: KeyPair) -> None:
    """Give the application ``pair``, unless it has a key by now."""
    if not has_key(unit, application_id, unit.now):
        _add(unit, application_id, pair, signs_from=unit.now)


def rotate(unit: Unit, application_id: str, pair: KeyPair, *, overlap: timedelta, by: Party) -> str:
    """Announce ``pair``, which signs from the end of ``overlap`` on; answers its ``kid``.

    What the old key has signed verifies until it has long expired. The caller checks permissions.
    """
    handover = unit.now + max(overlap, PUBLISHED_FIRST)
    for key in unit.signing_keys.of(KeyUse.SESSION_JWT, application_id):
        if key.signs_until is None or key.signs_until > handover:
            until = max(key.signs_from, handover)
            unit.signing_keys.save(
                replace(key, signs_until=until, retired_at=until + VERIFIES_LONGER)
            )
    _add(unit, application_id, pair, signs_from=handover)
    kid = _opened_public(pair.public).thumbprint()
    details = {"use": KeyUse.SESSION_JWT.value, "kid": kid, "application_id": application_id}
    unit.record(
        Event(type=EventType.KEYS_ROTATED, application_id=application_id, actor=by, details=details)
    )
    return kid


def rotate_jwt_keys(engine: Engine, *, overlap: timedelta, by: Party) -> dict[str, str]:
    """New keys for every application; answers the new ``kid`` of each."""
    with engine.reading() as reader:
        application_ids = [application.id for application in reader.applications.list()]
    rotated = {}
    for application_id in application_ids:
        flow = partial(
            rotate, application_id=application_id, pair=generate(), overlap=overlap, by=by
        )
        rotated[application_id] = engine.run(flow)
    return rotated


class SessionKeys:
    """Opens stored keys, each one once."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._signers: dict[tuple[str, bytes], JwtSigner] = {}
        self._public: dict[bytes, PublicJwk] = {}

    def signer(self, reader: Reader, application_id: str, now: datetime) -> JwtSigner:
        """The key that signs for the application at ``now``.

        :raises Unavailable: when it has none yet; see ``add_first``.
        """
        stored = _signing(reader, application_id, now)
        if stored is None:
            raise Unavailable(internal=f"{application_id} has no key for session JWTs")
        known = (stored.id, stored.private_encrypted)
        if known not in self._signers:
            self._signers[known] = self._opened(stored)
        return self._signers[known]

    def published(
        self, reader: Reader, application_ids: Sequence[str], now: datetime
    ) -> list[PublicJwk]:
        """The public halves that verify at ``now`` or soon will (RFC 7517, section 5)."""
        stored = [
            key
            for application_id in application_ids
            for key in reader.signing_keys.of(KeyUse.SESSION_JWT, application_id)
        ]
        return [
            self._jwk(key.public)
            for key in stored
            if key.retired_at is None or now < key.retired_at
        ]

    def _opened(self, stored: SigningKey) -> JwtSigner:
        der = self._vault.decrypt(_purpose(stored.id, stored.public), stored.private_encrypted)
        key = RSAKey.import_key(load_der_private_key(der, password=None))  # type: ignore[arg-type]
        return JwtSigner(kid=key.thumbprint(), key=key)

    def _jwk(self, public: bytes) -> PublicJwk:
        if public not in self._public:
            key = _opened_public(public)
            members = key.as_dict(private=False)
            self._public[public] = {
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": key.thumbprint(),
                "n": str(members["n"]),
                "e": str(members["e"]),
            }
        return self._public[public]


def _signing(reader: Reader, application_id: str, now: datetime) -> SigningKey | None:
    """The key whose turn came last."""
    turn = [
        key
        for key in reader.signing_keys.of(KeyUse.SESSION_JWT, application_id)
        if key.signs_from <= now and (key.signs_until is None or now < key.signs_until)
    ]
    return max(turn, key=lambda key: key.signs_from, default=None)


def _add(unit: Unit, application_id: str, pair: KeyPair, *, signs_from: datetime) -> None:
    key_id = unit.new_id(IdPrefix.KEY)
    unit.signing_keys.add(
        SigningKey(
            id=key_id,
            use=KeyUse.SESSION_JWT,
            application_id=application_id,
            public=pair.public,
            private_encrypted=unit.vault.encrypt(_purpose(key_id, pair.public), pair.private),
            created_at=unit.now,
            signs_from=signs_from,
        )
    )


def _opened_public(public: bytes) -> RSAKey:
    return RSAKey.import_key(load_der_public_key(public))  # type: ignore[arg-type]


def _purpose(key_id: str, public: bytes) -> str:
    # Bound to id and public half: nobody can pass one key off as another in the database.
    return f"signing key/session_jwt/{key_id}/{public.hex()}"
