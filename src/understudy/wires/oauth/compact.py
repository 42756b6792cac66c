"""Reads a JWS strictly before any of it is believed (RFC 7515, section 7.1; RFC 8725).

Nothing in a header chooses how it is verified: algorithm and type are the caller's to name, a
``kid`` is only looked up among keys that are known already, and whatever points to other keys or
asks for extensions makes the token one of nobody's.
"""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey, RSAKey

MAX_LENGTH = 16 * 1024
"""Characters. A session JWT has some 900; 12,000 when all its ids are as long as they may be."""
_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEADER = frozenset({"alg", "typ", "kid"})


@dataclass(frozen=True, kw_only=True)
class Unverified:
    """A well-formed JWS about which nothing else is known."""

    text: str
    unverified_header: Mapping[str, Any]
    unverified_claims: Mapping[str, Any]

    @property
    def kid(self) -> str | None:
        """Which key it says it was signed with: a hint from whoever wrote it."""
        kid = self.unverified_header.get("kid")
        return kid if isinstance(kid, str) and _KID.fullmatch(kid) else None

    def verified(self, key: RSAKey | OctKey, algorithm: str) -> Mapping[str, Any] | None:
        """The claims, if ``key`` signed them with ``algorithm``."""
        try:
            jws.deserialize_compact(self.text, key, algorithms=[algorithm])
        except (JoseError, ValueError):
            return None
        return self.unverified_claims


def read(text: str, *, types: frozenset[str]) -> Unverified | None:
    """``text`` as a JWS of one of ``types``, or None; types are compared in lower case.

    RFC 9068, section 4; "application/" may stand before a type (RFC 7515, section 4.1.9).
    """
    found = _COMPACT.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if found is None:
        return None
    header, claims, signature = map(_decoded, found.groups())
    if header is None or claims is None or not signature:
        return None
    said, meant = _object(header), _object(claims)
    if said is None or meant is None or not said.keys() <= _HEADER:
        return None
    type_ = said.get("typ")
    if not isinstance(type_, str) or type_.lower().removeprefix("application/") not in types:
        return None
    return Unverified(text=text, unverified_header=said, unverified_claims=meant)


def _decoded(part: str) -> bytes | None:
    """Base64url without padding, in its one canonical spelling."""
    try:
        raw = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if urlsafe_b64encode(raw).rstrip(b"=").decode() == part else None


def _object(raw: bytes) -> dict[str, Any] | None:
    """A JSON object in UTF-8 without a name that stands twice in it or in anything inside."""
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refused(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")
