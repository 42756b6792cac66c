"""A key, and a JWT signed with it, for the peers that check one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

KEY_ID = "jwk-benchmark"
LIFE_SECONDS = 3600


def signed(**claims: Any) -> tuple[str, RSAPublicKey]:  # noqa: ANN401 - any claims
    """A JWT with ``claims`` that is good for an hour (RS256, 2048 bits), and the key it needs."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    now = int(time.time())
    times = {"iat": now, "nbf": now, "exp": now + LIFE_SECONDS}
    token = jwt.encode({**times, **claims}, key, algorithm="RS256", headers={"kid": KEY_ID})
    return token, key.public_key()


def to_pem(key: RSAPublicKey) -> str:
    """The key as its owner copies it."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def to_jwks(key: RSAPublicKey) -> Mapping[str, Any]:
    """The key as it is published."""
    jwk = RSAAlgorithm.to_jwk(key, as_dict=True)
    return {"keys": [{**jwk, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
