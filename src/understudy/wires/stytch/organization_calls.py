"""Stytch's organizations and members, over the application's own directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.core.applications.application import Vertical
from understudy.core.people.principals import Organization, Subject
from understudy.core.ports import Reader, Unit
from understudy.http.call import Call
from understudy.http.endpoint import MAX_BATCH_BYTES, RateClass
from understudy.http.shapes import Id
from understudy.wires.stytch import members, objects, organizations, search
from understudy.wires.stytch.answers import (
    AnyQuery,
    answered,
    caller,
    endpoint,
    kept_here,
    own,
    refuse_member_session,
)
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.requests import (
    Anything,
    ChangeMember,
    ChangeOrganization,
    CreateMember,
    Search,
    SearchMembers,
)
from understudy.wires.stytch.search_pages import metadata, window

_ORGANIZATIONS = "/v1/b2b/organizations"
_ONE = f"{_ORGANIZATIONS}/{{organization_id}}"
_MEMBER = f"{_ONE}/members/{{member_id}}"

Answer = Mapping[str, Any]


class GetMemberQuery(AnyQuery, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Which member is wanted: by one of the two."""

    member_id: Id | None = None
    email_address: Id | None = None


class AnywhereQuery(AnyQuery, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Whether a deleted member is wanted too; one SDK writes `True`, the other `true`."""

    include_deleted: str = "false"


@kept_here
async def create_organization(call: Call[ChangeOrganization, AnyQuery]) -> Answer:
    """A new organization."""
    refuse_member_session(call)
    made = await call.run_ending(
        lambda unit: organizations.create(unit, call.body, caller(call, unit, Vertical.B2B))
    )
    return _organization(call, made)


async def get_organization(call: Call[None, AnyQuery]) -> Answer:
    """One organization."""
    return _organization(call, await call.read(lambda reader: _named(call, reader)))


@kept_here
async def update_organization(call: Call[ChangeOrganization, AnyQuery]) -> Answer:
    """Change an organization."""
    refuse_member_session(call)
    name = call.path["organization_id"]
    changed = await call.run_ending(
        lambda unit: organizations.update(unit, name, call.body, caller(call, unit, Vertical.B2B))
    )
    return _organization(call, changed)


@kept_here
async def delete_organization(call: Call[Anything, AnyQuery]) -> Answer:
    """Delete an organization."""
    refuse_member_session(call)
    name = call.path["organization_id"]
    deleted = await call.run_ending(
        lambda unit: organizations.delete(unit, name, caller(call, unit, Vertical.B2B))
    )
    return answered(call, {"organization_id": deleted.id})


@kept_here
async def delete_organization_external_id(call: Call[Anything, AnyQuery]) -> Answer:
    """Take an organization's external id away."""
    refuse_member_session(call)
    name = call.path["organization_id"]
    changed = await call.run_ending(
        lambda unit: organizations.delete_external_id(unit, name, caller(call, unit, Vertical.B2B))
    )
    return _organization(call, changed)


async def search_organizations(call: Call[Search, AnyQuery]) -> Answer:
    """Organizations that fit."""

    def look_up(reader: Reader) -> search.Found[Organization]:
        application = own(call, reader, Vertical.B2B)
        return search.organizations(reader, application.id, call.body.query, window(call.body))

    found = await call.read_long(look_up)
    shown = [objects.organization(row) for row in found.rows]
    return answered(call, {"organizations": shown, "results_metadata": metadata(found)})


@kept_here
async def create_member(call: Call[CreateMember, AnyQuery]) -> Answer:
    """A new member."""
    refuse_member_session(call)

    def flow(unit: Unit) -> tuple[Subject, Organization]:
        organization = _named(call, unit)
        asking = caller(call, unit, Vertical.B2B)
        return members.create(unit, organization, call.body, asking), organization

    return _member(call, *await call.run_ending(flow))


async def get_member(call: Call[None, GetMemberQuery]) -> Answer:
    """One member of an organization, by id or by e-mail address.

    :raises InvalidInput: neither, or both.
    """
    member_id, email = call.query.member_id, call.query.email_address
    if (member_id is None) == (email is None):
        raise refused(ErrorType.INVALID_MEMBER_GET, "Give a member_id or an email_address.")

    def look_up(reader: Reader) -> tuple[Subject, Organization]:
        organization = _named(call, reader)
        if member_id is not None:
            return members.find(reader, organization, member_id), organization
        return members.find_by_email(reader, organization, email or ""), organization

    return _member(call, *await call.read(look_up))


async def get_member_anywhere(call: Call[None, AnywhereQuery]) -> Answer:
    """One member, whatever the organization."""

    def look_up(reader: Reader) -> tuple[Subject, Organization]:
        application = own(call, reader, Vertical.B2B)
        member = members.anywhere(
            reader,
            application.id,
            call.path["member_id"],
            include_deleted=call.query.include_deleted.lower() == "true",
        )
        name = member.organization_id or ""
        return member, organizations.find(reader, application.id, name)

    return _member(call, *await call.read(look_up))


@kept_here
async def update_member(call: Call[ChangeMember, AnyQuery]) -> Answer:
    """Change a member."""
    refuse_member_session(call)

    def flow(unit: Unit) -> tuple[Subject, Organization]:
        organization, name = _named(call, unit), call.path["member_id"]
        asking = caller(call, unit, Vertical.B2B)
        return members.update(unit, organization, name, call.body, asking), organization

    return _member(call, *await call.run_ending(flow))


@kept_here
async def delete_member(call: Call[Anything, AnyQuery]) -> Answer:
    """Delete a member."""
    refuse_member_session(call)

    def flow(unit: Unit) -> str:
        organization, name = _named(call, unit), call.path["member_id"]
        return members.delete(unit, organization, name, caller(call, unit, Vertical.B2B))

    return answered(call, {"member_id": await call.run_ending(flow)})


@kept_here
async def delete_member_external_id(call: Call[Anything, AnyQuery]) -> Answer:
    """Take a member's external id away."""
    refuse_member_session(call)

    def flow(unit: Unit) -> tuple[Subject, Organization]:
        organization, name = _named(call, unit), call.path["member_id"]
        asking = caller(call, unit, Vertical.B2B)
        return members.delete_external_id(unit, organization, name, asking), organization

    return _member(call, *await call.run_ending(flow))


@kept_here
async def reactivate_member(call: Call[Anything, AnyQuery]) -> Answer:
    """Enable a member who was disabled."""
    refuse_member_session(call)

    def flow(unit: Unit) -> tuple[Subject, Organization]:
        organization, name = _named(call, unit), call.path["member_id"]
        asking = caller(call, unit, Vertical.B2B)
        return members.reactivate(unit, organization, name, asking), organization

    return _member(call, *await call.run_ending(flow))


async def search_members(call: Call[SearchMembers, AnyQuery]) -> Answer:
    """Members of the organizations named, as far as they fit.

    :raises InvalidInput: no organization is named.
    """
    refuse_member_session(call)
    body = call.body
    if not body.organization_ids:
        raise refused(ErrorType.NO_ORGANIZATION_IDS, "Name at least one organization.")

    def look_up(reader: Reader) -> tuple[search.Found[Subject], list[Organization]]:
        application = own(call, reader, Vertical.B2B)
        among = [organizations.find(reader, application.id, one) for one in body.organization_ids]
        found = search.members(reader, application.id, among, body.query, window(body))
        return found, among

    found, among = await call.read_long(look_up)
    shown = {row.organization_id for row in found.rows}
    return answered(
        call,
        {
            "members": [objects.member(row) for row in found.rows],
            "organizations": {
                one.id: objects.organization(one) for one in among if one.id in shown
            },
            "results_metadata": metadata(found),
        },
    )


def _named(call: Call[Any, Any], reader: Reader) -> Organization:
    application = own(call, reader, Vertical.B2B)
    return organizations.find(reader, application.id, call.path["organization_id"])


def _organization(call: Call[Any, Any], found: Organization) -> Answer:
    return answered(call, {"organization": objects.organization(found)})


def _member(call: Call[Any, Any], member: Subject, organization: Organization) -> Answer:
    return answered(
        call,
        {
            "member_id": member.id,
            "member": objects.member(member),
            "organization": objects.organization(organization),
        },
    )


ENDPOINTS = (
    endpoint(
        "POST",
        _ORGANIZATIONS,
        create_organization,
        body=ChangeOrganization,
        rate=RateClass.WRITE,
    ),
    endpoint("GET", _ONE, get_organization),
    endpoint(
        "PUT", _ONE, update_organization, body=ChangeOrganization, ends=True, rate=RateClass.WRITE
    ),
    endpoint(
        "DELETE",
        _ONE,
        delete_organization,
        body=Anything,
        body_required=False,
        ends=True,
        rate=RateClass.NONE,
    ),
    endpoint(
        "POST",
        f"{_ORGANIZATIONS}/search",
        search_organizations,
        body=Search,
        max_bytes=MAX_BATCH_BYTES,
    ),
    endpoint("POST", f"{_ONE}/members", create_member, body=CreateMember, rate=RateClass.WRITE),
    endpoint("GET", f"{_ONE}/member", get_member, query=GetMemberQuery),
    endpoint(
        "GET",
        f"{_ORGANIZATIONS}/members/dangerously_get/{{member_id}}",
        get_member_anywhere,
        query=AnywhereQuery,
    ),
    endpoint(
        "POST",
        f"{_ORGANIZATIONS}/members/search",
        search_members,
        body=SearchMembers,
        max_bytes=MAX_BATCH_BYTES,
    ),
    endpoint("PUT", _MEMBER, update_member, body=ChangeMember, ends=True, rate=RateClass.WRITE),
    endpoint(
        "DELETE",
        _MEMBER,
        delete_member,
        body=Anything,
        body_required=False,
        ends=True,
        rate=RateClass.NONE,
    ),
    endpoint(
        "PUT",
        f"{_MEMBER}/reactivate",
        reactivate_member,
        body=Anything,
        body_required=False,
        rate=RateClass.WRITE,
    ),
    *(
        endpoint(
            "DELETE",
            f"{path}/external_id",
            handler,
            body=Anything,
            body_required=False,
            rate=RateClass.WRITE,
        )
        for path, handler in (
            (_ONE, delete_organization_external_id),
            (_MEMBER, delete_member_external_id),
        )
    ),
)
