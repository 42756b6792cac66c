"""Policies of an application: what holds, how it is changed, and what it would decide."""

from __future__ import annotations

from asyncio import to_thread

from msgspec import UNSET

from understudy.core.governance.policies import PolicySet
from understudy.core.ids import OperatorId
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader, Unit
from understudy.errors import Conflict, NotFound
from understudy.flows.governance import policies
from understudy.flows.known_application import known_application
from understudy.http.access import operator
from understudy.http.call import Call
from understudy.http.endpoint import API, MAX_TEXT_BYTES, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.policies import (
    PoliciesAnswer,
    PolicyCheckAnswer,
    PolicyFaultAnswer,
    PolicyInput,
    PolicySetAnswer,
    PutPolicies,
)

_TAG = "policies"
_READ = operator(Permission.APPLICATIONS_READ)
_WRITE = operator(Permission.APPLICATIONS_WRITE)
POLICIES = f"{API}/applications/{{application_id}}/policies"
_VERSION = f"{POLICIES}/versions/{{version}}"


async def get_policies(call: Call[None, NoQuery]) -> PoliciesAnswer:
    """What holds, and what waits.

    :raises NotFound: no such application.
    """
    application_id = call.path["application_id"]
    return await call.read_long(lambda reader: _policies_answer(reader, application_id))


async def list_versions(call: Call[None, NoQuery]) -> Listed[PolicySetAnswer]:
    """All versions, newest first; they are few.

    :raises NotFound: no such application.
    """

    def look_up(reader: Reader) -> Listed[PolicySetAnswer]:
        known = known_application(reader, call.path["application_id"])
        found = reader.policies.list(known.id)
        return Listed(items=[_set_answer(reader, one) for one in found], next_cursor=None)

    return await call.read_long(look_up)


async def put_policies(call: Call[PutPolicies, NoQuery]) -> PoliciesAnswer:
    """Change them."""
    text, application_id = call.body.text, call.path["application_id"]
    replaces = call.body.replaces
    replacing = None if replaces is UNSET else policies.Replacing(version=replaces)
    # In a thread, before the writer's turn: finding faults may take longer than all else it does.
    found = await to_thread(policies.require_sound, call.node.engine.judge, text)

    def flow(unit: Unit) -> PoliciesAnswer:
        policies.change(
            unit,
            application_id,
            found,
            replacing=replacing,
            by=call.party,
            origin=call.origin,
        )
        return _policies_answer(unit, application_id)

    return await call.run_ending(flow)


async def check_policies(call: Call[PolicyInput, NoQuery]) -> PolicyCheckAnswer:
    """What is wrong with a text; nothing is stored."""
    faults = await to_thread(call.node.engine.judge.check, call.body.text)
    return PolicyCheckAnswer(
        faults=[PolicyFaultAnswer(policy=one.policy, message=one.message) for one in faults]
    )


async def confirm_policies(call: Call[None, NoQuery]) -> PoliciesAnswer:
    """Let a proposal hold."""
    application_id, version = call.path["application_id"], _version(call)
    waits = await call.read(lambda reader: policies.proposed(reader, application_id, version))
    # By this release, in a thread, as before a change.
    found = await to_thread(policies.require_sound, call.node.engine.judge, waits.text)

    def flow(unit: Unit) -> PoliciesAnswer:
        policies.confirm(unit, application_id, version, found, by=call.party, origin=call.origin)
        return _policies_answer(unit, application_id)

    return await call.run_ending(flow)


async def withdraw_policies(call: Call[None, NoQuery]) -> PoliciesAnswer:
    """Let a proposal go."""
    application_id, version = call.path["application_id"], _version(call)

    def flow(unit: Unit) -> PoliciesAnswer:
        policies.withdraw(unit, application_id, version, by=call.party, origin=call.origin)
        return _policies_answer(unit, application_id)

    return await call.run(flow)


def _version(call: Call[None, NoQuery]) -> int:
    given = call.path["version"]
    # Longer ones are none, and would be no number of a database.
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0  # noqa: PLR2004


def _policies_answer(reader: Reader, application_id: str) -> PoliciesAnswer:
    application = known_application(reader, application_id)
    holds = policies.in_force(reader, application)
    waits = policies.waiting(reader, application_id)
    return PoliciesAnswer(
        version=application.policy_version,
        in_force=None if holds is None else _set_answer(reader, holds),
        proposed=None if waits is None else _set_answer(reader, waits),
        default_text=reader.judge.default_text,
    )


def _set_answer(reader: Reader, found: PolicySet) -> PolicySetAnswer:
    return PolicySetAnswer(
        id=found.id,
        version=found.version,
        text=found.text,
        set_by=_name(reader, found.set_by),
        set_at=found.set_at,
        confirmable_at=found.confirmable_at,
        confirmed_by=None if found.confirmed_by is None else _name(reader, found.confirmed_by),
        confirmed_at=found.confirmed_at,
        withdrawn_at=found.withdrawn_at,
    )


def _name(reader: Reader, ref: str) -> str:
    known = reader.operators.get(OperatorId(ref))
    return known.name if known else ref


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=POLICIES,
        operation="get_policies",
        summary="The policies of an application",
        tag=_TAG,
        access=_READ,
        handler=get_policies,
        answers=answers(PoliciesAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=POLICIES,
        operation="put_policies",
        ends=True,
        summary="Change the policies",
        description="They hold at once, or once they are confirmed where the settings say so. "
        "Sessions that they forbid end in the same moment. Say in `replaces` which version you "
        "have looked at, so that nobody's change is lost unseen.",
        tag=_TAG,
        access=_WRITE,
        handler=put_policies,
        body=Body(type=PutPolicies, max_bytes=MAX_TEXT_BYTES),
        answers=answers(PoliciesAnswer),
        problems=(NotFound, Conflict),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{POLICIES}/check",
        operation="check_policies",
        summary="Find what is wrong with policies",
        tag=_TAG,
        access=_READ,
        handler=check_policies,
        body=Body(type=PolicyInput, max_bytes=MAX_TEXT_BYTES),
        answers=answers(PolicyCheckAnswer),
        problems=(NotFound,),
        rate=RateClass.HEAVY,
    ),
    Endpoint(
        method="GET",
        path=f"{POLICIES}/versions",
        operation="list_policy_versions",
        summary="Every version, newest first",
        tag=_TAG,
        access=_READ,
        handler=list_versions,
        answers=answers(Listed[PolicySetAnswer]),
        problems=(NotFound,),
    ),
    Endpoint(
        method="POST",
        path=f"{_VERSION}/confirm",
        operation="confirm_policies",
        ends=True,
        summary="Let proposed policies hold",
        tag=_TAG,
        access=_WRITE,
        handler=confirm_policies,
        answers=answers(PoliciesAnswer),
        problems=(NotFound, Conflict),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{_VERSION}/withdraw",
        operation="withdraw_policies",
        summary="Let proposed policies go",
        tag=_TAG,
        access=_WRITE,
        handler=withdraw_policies,
        answers=answers(PoliciesAnswer),
        problems=(NotFound, Conflict),
        rate=RateClass.WRITE,
    ),
)
