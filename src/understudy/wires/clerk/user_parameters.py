"""What these clients may say of a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from understudy.wires.clerk.errors import unknown
from understudy.wires.clerk.kept import METADATA, Kept
from understudy.wires.clerk.parameters import Parameters

METADATA_MOST_BYTES = 8 * 1024
_TEXTS = ("first_name", "last_name", "username", "locale")
FIELDS = frozenset({*_TEXTS, *METADATA, "external_id"})
CREATED = FIELDS | {"email_address", "phone_number", "banned"}
_SIGN_IN = frozenset(
    {
        "backup_codes",
        "password",
        "password_digest",
        "password_hasher",
        "totp_secret",
        "web3_wallet",
    }
)
"""Refused rather than dropped in silence: nobody signs in here."""
_WITHOUT_EFFECT = frozenset(
    {
        "bypass_client_trust",
        "create_organization_enabled",
        "create_organizations_limit",
        "created_at",
        "delete_self_enabled",
        "email_address_identification_status",
        "legal_accepted_at",
        "locked",
        "notify_primary_email_address_changed",
        "phone_number_identification_status",
        "primary_email_address_id",
        "primary_phone_number_id",
        "primary_web3_wallet_id",
        "profile_image_id",
        "sign_out_of_other_sessions",
        "skip_legal_checks",
        "skip_password_checks",
        "skip_password_requirement",
        "skip_user_requirement",
    }
)


def read(body: Mapping[str, Any], known: frozenset[str]) -> Parameters:
    """What was given, of what is ``known``.

    :raises InvalidInput: something unknown, or meant for signing in.
    """
    for name in body:
        if name in _SIGN_IN:
            raise unknown(name, f"{name} is not kept here: users sign in to your app.")
    return Parameters(body, known=known | _WITHOUT_EFFECT)


def changed(kept: Kept, given: Parameters) -> Kept:
    """``kept`` with what was given.

    :raises InvalidInput: a parameter is unfit.
    """
    changes: dict[str, Any] = {name: given.text(name) or None for name in _TEXTS if name in given}
    for name in METADATA:
        found = given.mapping(name, most_bytes=METADATA_MOST_BYTES)
        if found is not None:
            changes[name] = found
    return msgspec.structs.replace(kept, **changes)
