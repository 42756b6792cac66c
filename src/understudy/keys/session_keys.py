"""The RSA keys that sign JWTs: one pair for each application and use, replaced with an overlap.

With one key for all, an SDK of application A would take a token made for B; with one for all uses,
an SDK that looks at nothing but the signature would take one wire's token for another's.
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

from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import Event, EventType, Party
from understudy.core.ports import Engine, KeyUse, Reader, SigningKey, Unit, Vault
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


def has_key(
    reader: Reader, application_id: str, now: datetime, *, use: str = KeyUse.SESSION_JWT
) -> bool:
    """Whether the application has a key that signs at ``now``."""
    return _signing(reader, application_id, now, use) is not None


def add_first(
    unit: Unit, application_id: str, pair: KeyPair, *, use: str = KeyUse.SESSION_JWT
) -> None:
    """Give the application ``pair``, unless it has a key by now."""
    # Asked again in here: two nodes may have made a pair for one application at once.
    if not has_key(unit, application_id, unit.now, use=use):
        _add(unit, application_id, pair, use, signs_from=unit.now)


def rotate(
    unit: Unit,
    application_id: str,
    pair: KeyPair,
    *,
    overlap: timedelta,
    by: Party,
    use: str = KeyUse.SESSION_JWT,
) -> str:
    """Announce ``pair``, which signs from the end of ``overlap`` on; answers its ``kid``.

    What the old key has signed verifies until it has long expired. The caller checks permissions.
    """
    # Never sooner: an app that has cached the JWKS would refuse the first tokens of the new key.
    handover = unit.now + max(overlap, PUBLISHED_FIRST)
    for key in unit.signing_keys.of(use, application_id):
        if key.signs_until is None or key.signs_until > handover:
            # Never before it began: one that was to sign only later ends where it begins.
            until = max(key.signs_from, handover)
            unit.signing_keys.save(
                replace(key, signs_until=until, retired_at=until + VERIFIES_LONGER)
            )
    _add(unit, application_id, pair, use, signs_from=handover)
    kid = _opened_public(pair.public).thumbprint()
    details = {"use": str(use), "kid": kid, "application_id": application_id}
    unit.record(
        Event(type=EventType.KEYS_ROTATED, application_id=application_id, actor=by, details=details)
    )
    return kid


def rotate_jwt_keys(
    engine: Engine, *, uses: Sequence[str], overlap: timedelta, by: Party
) -> dict[str, dict[str, str]]:
    """New keys for every application and each of ``uses``; answers the new ``kid`` of each.

    Every application signs session JWTs; the other uses only where they were used before.
    """
    with engine.reading() as reader:
        owners = [
            (use, application.id)
            for application in reader.applications.list()
            for use in uses
            if use == KeyUse.SESSION_JWT or reader.signing_keys.of(use, application.id)
        ]
    rotated: dict[str, dict[str, str]] = {use: {} for use in uses}
    for use, application_id in owners:
        flow = partial(
            rotate, application_id=application_id, pair=generate(), overlap=overlap, by=by, use=use
        )
        rotated[use][application_id] = engine.run(flow)
    return rotated


class SessionKeys:
    """Opens stored keys, each one once."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._signers: dict[tuple[str, bytes], JwtSigner] = {}
        self._public: dict[bytes, PublicJwk] = {}
        self._verifiers: dict[bytes, RSAKey] = {}

    def signer(
        self,
        reader: Reader,
        application_id: str,
        now: datetime,
        *,
        use: str = KeyUse.SESSION_JWT,
    ) -> JwtSigner:
        """The key that signs for the application at ``now``.

        :raises Unavailable: when it has none yet; see ``add_first``.
        """
        stored = _signing(reader, application_id, now, use)
        if stored is None:
            raise Unavailable(internal=f"{application_id} has no key for the use {use}")
        # By its bytes as well: a row that was changed is opened anew, and found out.
        known = (stored.id, stored.private_encrypted)
        if known not in self._signers:
            self._signers[known] = self._opened(stored)
        return self._signers[known]

    def verifying(
        self,
        reader: Reader,
        application_id: str,
        kid: str,
        now: datetime,
        *,
        use: str = KeyUse.SESSION_JWT,
    ) -> RSAKey | None:
        """The public key that ``kid`` names, if it verifies for the application at ``now``."""
        for stored in reader.signing_keys.of(use, application_id):
            retired = stored.retired_at is not None and now >= stored.retired_at
            # Among the application's own keys alone, whatever ``kid`` names elsewhere.
            if not retired and self._jwk(stored.public)["kid"] == kid:
                return self._verifiers[stored.public]
        return None

    def published(
        self,
        reader: Reader,
        application_ids: Sequence[str],
        now: datetime,
        *,
        use: str = KeyUse.SESSION_JWT,
    ) -> list[PublicJwk]:
        """The public halves that verify at ``now`` or soon will (RFC 7517, section 5)."""
        stored = [
            key
            for application_id in application_ids
            for key in reader.signing_keys.of(use, application_id)
        ]
        return [
            self._jwk(key.public)
            for key in stored
            if key.retired_at is None or now < key.retired_at
        ]

    def _opened(self, stored: SigningKey) -> JwtSigner:
        purpose = _purpose(stored.use, stored.id, stored.public)
        der = self._vault.decrypt(purpose, stored.private_encrypted)
        key = RSAKey.import_key(load_der_private_key(der, password=None))  # type: ignore[arg-type]
        return JwtSigner(kid=key.thumbprint(), key=key)

    def _jwk(self, public: bytes) -> PublicJwk:
        if public not in self._public:
            key = self._verifiers[public] = _opened_public(public)
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


def _signing(reader: Reader, application_id: str, now: datetime, use: str) -> SigningKey | None:
    """The key whose turn came last."""
    turn = [
        key
        for key in reader.signing_keys.of(use, application_id)
        if key.signs_from <= now and (key.signs_until is None or now < key.signs_until)
    ]
    return max(turn, key=lambda key: key.signs_from, default=None)


def _add(unit: Unit, application_id: str, pair: KeyPair, use: str, *, signs_from: datetime) -> None:
    key_id = unit.new_id(IdPrefix.KEY)
    unit.signing_keys.add(
        SigningKey(
            id=key_id,
            use=use,
            application_id=application_id,
            public=pair.public,
            private_encrypted=unit.vault.encrypt(_purpose(use, key_id, pair.public), pair.private),
            created_at=unit.now,
            signs_from=signs_from,
        )
    )


def _opened_public(public: bytes) -> RSAKey:
    return RSAKey.import_key(load_der_public_key(public))  # type: ignore[arg-type]


def _purpose(use: str, key_id: str, public: bytes) -> str:
    # Bound to use, id and public half: nobody can pass one key off as another in the database.
    return f"signing key/{use}/{key_id}/{public.hex()}"
