from __future__ import annotations

from typing import Any

import msgspec
import pytest

from understudy.wires.stytch.requests import (
    AuthenticateSession,
    ChangeMember,
    ChangeOrganization,
    CreateUser,
    ExchangeSession,
    RevokeSession,
    Search,
    SearchMembers,
)


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (AuthenticateSession, {"session_token": "a", "session_custom_claims": {"x": 1}}),
        (ExchangeSession, {"organization_id": "acme", "session_token": "a", "locale": "en"}),
        (RevokeSession, {"member_id": "ada", "telemetry_id": "t"}),
        (ChangeMember, {"organization_id": "acme", "member_id": "ada", "unlink_email": True}),
        (ChangeOrganization, {"organization_id": "acme", "mfa_policy": None}),
        (CreateUser, {"email": "a@x.example", "attributes": {"ip_address": "::1"}}),
        (Search, {"query": {"operator": "AND", "operands": [], "more": 1}}),
    ],
)
def test_what_an_sdk_sends_besides_is_ignored(
    kind: type[msgspec.Struct], sent: dict[str, Any]
) -> None:
    found = msgspec.structs.asdict(msgspec.convert(sent, kind))
    for name, value in sent.items():
        if name in found and name != "query":
            assert found[name] == value


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (AuthenticateSession, {"session_token": "x" * 513}),
        (AuthenticateSession, {"session_duration_minutes": 5.5}),
        (AuthenticateSession, {"authorization_check": {"resource_id": "a"}}),
        (ExchangeSession, {"session_token": "a"}),
        (ChangeMember, {"email_address": "no address"}),
        (ChangeMember, {"email_address": "a@x.example\n"}),
        (ChangeMember, {"roles": [""]}),
        (ChangeMember, {"roles": [f"r{number}" for number in range(51)]}),
        (ChangeMember, {"mfa_phone_number": "0049 30 1"}),
        (ChangeMember, {"default_mfa_method": "pigeon"}),
        (ChangeMember, {"external_id": "a b"}),
        (ChangeMember, {"external_id": ""}),
        (ChangeOrganization, {"organization_name": ""}),
        (ChangeOrganization, {"auth_methods": "NOT_ALLOWED"}),
        (ChangeOrganization, {"email_jit_provisioning": "ALL_ALLOWED"}),
        (CreateUser, {"phone_number": "+12"}),
        (Search, {"limit": 0}),
        (Search, {"limit": 1001}),
        (SearchMembers, {}),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: type[msgspec.Struct], sent: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(sent, kind)
