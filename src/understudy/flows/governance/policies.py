"""Change an application's policies: by one step, or by a proposal that is confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from understudy.core.applications.application import Application
from understudy.core.governance.policies import PolicySet
from understudy.core.impersonation.tokens import IdPrefix
from understudy.core.notices.events import EventType, Party, Scalar
from understudy.core.ports import PolicyJudge, Reader, SessionFilter, Unit
from understudy.core.times import to_ms
from understudy.errors import Conflict, InvalidInput, NotFound
from understudy.flows.application_events import application_event
from understudy.flows.confirming import require_confirmable
from understudy.flows.governance.difference import difference
from understudy.flows.impersonation.narrow_sessions import hold_sessions
from understudy.flows.known_application import known_application
from understudy.flows.origin import Origin

_NEVER = datetime.min.replace(tzinfo=UTC)
REPLACED = "policies_replaced"
"""Somebody else's change came first."""


def in_force(reader: Reader, application: Application) -> PolicySet | None:
    """The policies that hold; None where there are none, or nobody can tell."""
    version = application.policy_version
    return None if version is None else reader.policies.get(application.id, version)


def waiting(reader: Reader, application_id: str) -> PolicySet | None:
    """The policies that wait to be confirmed; there are never two."""
    return next((one for one in reader.policies.list(application_id) if one.is_open), None)


def draft(text: str) -> PolicySet:
    """Policies that hold nowhere, to be tried."""
    return PolicySet(
        id="",
        application_id="",
        version=0,
        text=text,
        set_by="",
        set_at=_NEVER,
        confirmable_at=_NEVER,
    )


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A text in which no fault was found. ``require_sound`` makes them, and nobody else."""

    text: str


def require_sound(judge: PolicyJudge, text: str) -> Sound:
    """``text``, if it can be held to. It may take seconds: so never in a unit.

    :raises InvalidInput: naming the first fault.
    """
    faults = judge.check(text)
    if not faults:
        return Sound(text=text)
    first = faults[0]
    where = "" if first.policy is None else f"{first.policy}: "
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    raise InvalidInput(f"{where}{first.message}{more}", facts={"field": "text"})


@dataclass(frozen=True, kw_only=True)
class Replacing:
    """Which version whoever writes new policies has looked at; None where none was in force."""

    version: int | None


def change(
    unit: Unit,
    application_id: str,
    found: Sound,
    *,
    replacing: Replacing | None = None,
    by: Party,
    origin: Origin,
) -> PolicySet:
    """New policies: in force at once, or waiting where the settings want a confirmation.

    Live sessions that they forbid end in this unit, and others are held to their limits. Without
    ``replacing`` whatever is in force is replaced.

    :raises NotFound: no such application.
    :raises Conflict: others wait already, or others than those ``replacing`` names are in force.
    """
    application = known_application(unit, application_id)
    if replacing is not None and replacing.version != application.policy_version:
        raise Conflict(
            "Other policies are in force by now than those that you have looked at. "
            "Look at them, and decide anew.",
            facts={"rule": REPLACED},
        )
    if waiting(unit, application_id) is not None:
        raise Conflict("Other policies wait to be confirmed. Confirm or withdraw them first.")
    terms = application.settings.policy_changes
    made = PolicySet(
        id=unit.new_id(IdPrefix.POLICY_SET),
        application_id=application_id,
        version=unit.policies.last_version(application_id) + 1,
        text=found.text,
        set_by=by.own_ref,
        set_at=unit.now,
        confirmable_at=unit.now + terms.delay,
    )
    unit.policies.add(made)
    if terms.at_once:
        return _hold_to(unit, application, made, by=by, origin=origin)
    facts = _differing(unit, application, made) | {"confirmable_ms": to_ms(made.confirmable_at)}
    unit.record(application_event(EventType.POLICIES_PROPOSED, application, by, origin, facts))
    return made


def proposed(reader: Reader, application_id: str, version: int) -> PolicySet:
    """The policies that wait to be confirmed under this version.

    :raises NotFound: no such application or version.
    :raises Conflict: they do not wait.
    """
    known_application(reader, application_id)
    return _open(reader, application_id, version)


def confirm(
    unit: Unit, application_id: str, version: int, found: Sound, *, by: Party, origin: Origin
) -> PolicySet:
    """Put policies in force that waited for it, and in whose text no fault was ``found``.

    :raises NotFound: no such application or version.
    :raises Conflict: they do not wait, or say something else, or ``by`` may not confirm them, or
        not yet.
    """
    application = known_application(unit, application_id)
    waits = _open(unit, application_id, version)
    if waits.text != found.text:  # a version's text never changes, but for somebody at the database
        raise Conflict("These policies are not those that were looked at.")
    # As the settings are by now, be they stricter or not: whoever loosened them is in the log.
    terms = application.settings.policy_changes
    require_confirmable(unit, waits, terms, by=by, called="policies")
    return _hold_to(unit, application, waits, by=by, origin=origin)


def withdraw(
    unit: Unit, application_id: str, version: int, *, by: Party, origin: Origin
) -> PolicySet:
    """Let policies go that waited to be confirmed.

    :raises NotFound: no such application or version.
    :raises Conflict: they do not wait.
    """
    application = known_application(unit, application_id)
    withdrawn = replace(_open(unit, application_id, version), withdrawn_at=unit.now)
    unit.policies.save(withdrawn)
    facts: dict[str, Scalar] = {"version": version}
    unit.record(application_event(EventType.POLICIES_WITHDRAWN, application, by, origin, facts))
    return withdrawn


def _hold_to(
    unit: Unit, application: Application, policies: PolicySet, *, by: Party, origin: Origin
) -> PolicySet:
    facts = _differing(unit, application, policies)
    confirmed = replace(policies, confirmed_by=by.own_ref, confirmed_at=unit.now)
    unit.policies.save(confirmed)
    changed = replace(application, policy_version=policies.version, updated_at=unit.now)
    unit.applications.save(changed)
    unit.record(application_event(EventType.POLICIES_CHANGED, application, by, origin, facts))
    # Behind the saving, as the premises are read from there.
    hold_sessions(unit, SessionFilter(application_id=changed.id), by=by, origin=origin)
    return confirmed


def _differing(reader: Reader, application: Application, after: PolicySet) -> dict[str, Scalar]:
    before = in_force(reader, application)
    return {
        "version": after.version,
        "version_before": application.policy_version,
        "digest": sha256(after.text.encode()).hexdigest(),
        "difference": difference(before.text if before else "", after.text),
    }


def _open(unit: Reader, application_id: str, version: int) -> PolicySet:
    found = unit.policies.get(application_id, version)
    if found is None:
        raise NotFound("There is no such version.")
    if not found.is_open:
        raise Conflict("These policies do not wait to be confirmed.")
    return found
