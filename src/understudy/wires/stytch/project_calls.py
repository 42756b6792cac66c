"""What Stytch's SDKs ask about a project as a whole: who it is, and its roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.core.applications.application import Vertical
from understudy.core.ports import Reader
from understudy.http.call import Call
from understudy.http.endpoint import RateClass
from understudy.wires.stytch import organizations, rbac
from understudy.wires.stytch.answers import (
    AnyQuery,
    answered,
    caller,
    endpoint,
    own,
    refuse_member_session,
)
from understudy.wires.stytch.requests import SetOrgPolicy

_ORGANIZATION = "/v1/b2b/rbac/organizations/{organization_id}"

Answer = Mapping[str, Any]


async def whoami(call: Call[None, AnyQuery]) -> Answer:
    """The project whose credentials these are."""
    application = await call.read(lambda reader: own(call, reader, None))
    return answered(call, {"project_id": application.id, "name": application.name})


async def get_member_policy(call: Call[None, AnyQuery]) -> Answer:
    """The roles of a project with organizations."""
    return await _policy(call, Vertical.B2B)


async def get_user_policy(call: Call[None, AnyQuery]) -> Answer:
    """The roles of a project without organizations."""
    return await _policy(call, Vertical.CONSUMER)


async def _policy(call: Call[None, AnyQuery], vertical: Vertical) -> Answer:
    application = await call.read(lambda reader: own(call, reader, vertical))
    return answered(call, {"policy": rbac.policy(application)})


async def get_organization_policy(call: Call[None, AnyQuery]) -> Answer:
    """The roles that one organization added."""

    def look_up(reader: Reader) -> dict[str, Any]:
        application = own(call, reader, Vertical.B2B)
        name = call.path["organization_id"]
        return rbac.org_policy(organizations.find(reader, application.id, name))

    return answered(call, {"org_policy": await call.read(look_up)})


async def set_organization_policy(call: Call[SetOrgPolicy, AnyQuery]) -> Answer:
    """Replace the roles of one organization."""
    refuse_member_session(call)
    name, roles = call.path["organization_id"], call.body.org_policy.roles
    changed = await call.run(
        lambda unit: organizations.set_roles(unit, name, roles, caller(call, unit, Vertical.B2B))
    )
    return answered(call, {"org_policy": rbac.org_policy(changed)})


ENDPOINTS = (
    endpoint("GET", "/v1/debug/whoami", whoami),
    endpoint("GET", "/v1/b2b/rbac/policy", get_member_policy),
    endpoint("GET", "/v1/rbac/policy", get_user_policy),
    endpoint("GET", _ORGANIZATION, get_organization_policy),
    endpoint(
        "PUT", _ORGANIZATION, set_organization_policy, body=SetOrgPolicy, rate=RateClass.WRITE
    ),
)
