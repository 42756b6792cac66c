"""An entry as an event of the Open Cybersecurity Schema Framework (OCSF), version 1.6.

Impersonation is class Authentication (3002): starting it is activity 7 (Account Switch) with
account switch type 2 (Impersonate), both since 1.6.0; its end is activity 2 (Logoff). ``user`` is
the target, ``actor`` whoever did it: the staff member, or who ended their session. What was done
meanwhile is API Activity (6003) by the staff member on the target, so that nobody takes it for the
customer's own doing. All else is Entity Management (3004).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.audit.exports.facts import Facts, Person, Source, present
from understudy.core.notices.events import Outcome, PartyKind
from understudy.core.notices.kinds import Deed, Topic

VERSION = "1.6.0"

AUTHENTICATION = 3002
ENTITY_MANAGEMENT = 3004
API_ACTIVITY = 6003
BASE_EVENT = 0
"""For entries of which no more than type and time is left, or understood."""

ACCOUNT_SWITCH = 7
IMPERSONATE = 2
LOGON, LOGOFF = 1, 2
CREATE, READ, UPDATE, DELETE, ENABLE, DISABLE, OTHER = 1, 2, 3, 4, 8, 9, 99

_CLASS_NAMES = {
    AUTHENTICATION: "Authentication",
    ENTITY_MANAGEMENT: "Entity Management",
    API_ACTIVITY: "API Activity",
    BASE_EVENT: "Base Event",
}
_SIGN_INS: Mapping[int, str] = {
    LOGON: "Logon",
    LOGOFF: "Logoff",
    ACCOUNT_SWITCH: "Account Switch",
}
_CHANGES: Mapping[int, str] = {
    CREATE: "Create",
    READ: "Read",
    UPDATE: "Update",
    DELETE: "Delete",
    ENABLE: "Enable",
    DISABLE: "Disable",
}
_CAPTIONS: Mapping[int, Mapping[int, str]] = {
    AUTHENTICATION: _SIGN_INS,
    ENTITY_MANAGEMENT: _CHANGES,
    API_ACTIVITY: _CHANGES,
    BASE_EVENT: {},
}
"""What the schema calls the activities of each class, by their ids."""

_AUTHENTICATION: Mapping[Deed, int] = {
    Deed.BEGUN: ACCOUNT_SWITCH,
    Deed.REFUSED: ACCOUNT_SWITCH,
    Deed.OVER: LOGOFF,
    Deed.SIGNED_IN: LOGON,
    Deed.SIGNED_OUT: LOGOFF,
}
_ENTITY_ACTIVITIES: Mapping[Deed, int] = {
    Deed.CREATED: CREATE,
    Deed.READ: READ,
    Deed.CHANGED: UPDATE,
    Deed.DELETED: DELETE,
    Deed.RELEASED: DELETE,
    Deed.ENABLED: ENABLE,
    Deed.DISABLED: DISABLE,
}
_METHODS: Mapping[str, int] = {
    "POST": CREATE,
    "GET": READ,
    "HEAD": READ,
    "OPTIONS": READ,
    "PUT": UPDATE,
    "PATCH": UPDATE,
    "DELETE": DELETE,
}
_KNOWN_METHODS = frozenset({*_METHODS, "CONNECT", "TRACE"})
_USER_TYPES: Mapping[str, tuple[int, str]] = {
    PartyKind.OPERATOR: (1, "User"),
    PartyKind.SUBJECT: (1, "User"),
    PartyKind.SYSTEM: (3, "System"),
    PartyKind.APPLICATION: (4, "Service"),
}
_STATUS = {Outcome.OK: 1, Outcome.DENIED: 2, Outcome.FAILED: 2}
_INFORMATIONAL, _LOW, _HIGH = 1, 2, 4
_OAUTH = 6


def ocsf_event(facts: Facts, source: Source) -> dict[str, Any]:
    """The event, with every attribute that its class requires."""
    if "core" in facts.erased:
        return _event(facts, source, BASE_EVENT, OTHER, {})
    deed = facts.kind.deed
    if deed in _AUTHENTICATION:
        activity = _AUTHENTICATION[deed]
        return _event(facts, source, AUTHENTICATION, activity, _authentication(facts, activity))
    if facts.action_id is not None:
        activity = _METHODS.get(facts.method or "", OTHER)
        return _event(facts, source, API_ACTIVITY, activity, _api_activity(facts))
    if facts.kind.topic is Topic.UNKNOWN:
        return _event(facts, source, BASE_EVENT, OTHER, {})
    activity = _ENTITY_ACTIVITIES.get(deed, OTHER)
    return _event(facts, source, ENTITY_MANAGEMENT, activity, _entity_management(facts))


def _event(
    facts: Facts, source: Source, class_uid: int, activity: int, more: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "activity_id": activity,
        # Only what the schema has no id for goes by a name of ours; the message is always that.
        "activity_name": _CAPTIONS[class_uid].get(activity, facts.kind.title),
        "category_uid": class_uid // 1000,
        "class_name": _CLASS_NAMES[class_uid],
        "class_uid": class_uid,
        "message": facts.kind.title,
        "metadata": _metadata(facts, source),
        "severity_id": _severity(facts),
        "status_id": _STATUS.get(Outcome(facts.outcome), 0) if facts.outcome else 0,
        "time": facts.time_ms,
        "type_uid": class_uid * 100 + activity,
        **present({"status_detail": facts.cause, "unmapped": _unmapped(facts), **more}),
    }


def _metadata(facts: Facts, source: Source) -> dict[str, Any]:
    return {
        "version": VERSION,
        "product": {
            "name": "Understudy",
            "vendor_name": "Understudy",
            "version": source.version,
        },
        "uid": f"{source.origin}/{facts.index}",
        "event_code": facts.type,
        "log_name": source.origin,
        "sequence": facts.index,
        **present({"correlation_uid": facts.grant_id}),
    }


def _severity(facts: Facts) -> int:
    if facts.alarming:
        return _HIGH
    return _INFORMATIONAL if facts.outcome in (None, Outcome.OK) else _LOW


def _authentication(facts: Facts, activity: int) -> dict[str, Any]:
    impersonation = facts.grant_id is not None or activity == ACCOUNT_SWITCH
    who = facts.subject if impersonation else facts.by or facts.subject
    switch = activity == ACCOUNT_SWITCH
    return {
        "account_switch_type": "Impersonate" if switch else None,
        "account_switch_type_id": IMPERSONATE if switch else None,
        "actor": _actor(facts),
        "auth_protocol_id": _OAUTH if switch else None,
        "service": present({"name": "Understudy", "uid": facts.application_id}),
        "session": _session(facts),
        "src_endpoint": _source_endpoint(facts),
        "http_request": _http_request(facts),
        "user": _user(who, facts),
    }


def _api_activity(facts: Facts) -> dict[str, Any]:
    route = facts.route or facts.path or "unknown"
    return {
        "actor": _actor(facts) or {"user": _user(None, facts)},
        "api": {
            "operation": f"{facts.method or 'unknown'} {route}",
            "request": {"uid": facts.action_id},
            "service": present({"name": "Understudy", "uid": facts.application_id}),
        },
        "duration": facts.duration_ms,
        "http_request": _http_request(facts),
        "http_response": present({"code": facts.status}),
        "resources": [_resource(facts)],
        "src_endpoint": _source_endpoint(facts) or {"name": "unknown"},
    }


def _resource(facts: Facts) -> dict[str, Any]:
    account = _user(facts.subject, facts)
    named = {name: account.get(name) for name in ("uid", "uid_alt", "name")}
    return present({**named, "type": "user", "owner": account if facts.subject else None})


def _entity_management(facts: Facts) -> dict[str, Any]:
    noun = facts.type.partition(".")[0]
    about = facts.subject or facts.organization
    entity = _user(about, facts) if about is not None else {"uid": _entity_uid(facts) or noun}
    return {
        "actor": _actor(facts),
        "comment": facts.reason,
        "entity": {**present({"name": entity.get("name"), "uid": entity["uid"]}), "type": noun},
        "src_endpoint": _source_endpoint(facts),
        "http_request": _http_request(facts),
    }


def _entity_uid(facts: Facts) -> str | None:
    return facts.grant_id or facts.application_id


def _actor(facts: Facts) -> dict[str, Any]:
    if facts.by is None:
        return {}
    # The session is its actor's: who ended it from outside was not in it.
    session = None if facts.doer else _session(facts)
    return present({"user": _user(facts.by, facts), "session": session})


def _session(facts: Facts) -> dict[str, Any]:
    if facts.session_id is None:
        return {}
    started, over = facts.kind.deed is Deed.BEGUN, facts.kind.ends_session
    return present(
        {
            "uid": facts.session_id,
            "created_time": facts.time_ms if started else None,
            "expiration_reason": facts.cause if over else None,
        }
    )


def _user(person: Person | None, facts: Facts) -> dict[str, Any]:
    """Somebody, of a type and in a domain that say who vouches for them.

    Without those an actor whom an application made up would read like an operator.
    """
    if person is None:
        return {"uid": "unknown"}
    named = person.kind in (PartyKind.NAMED_BY_APPLICATION, PartyKind.SUBJECT)
    type_id, type_name = _USER_TYPES.get(person.kind or "", (OTHER, person.kind))
    return present(
        {
            "uid": person.known_as,
            "uid_alt": person.ref,
            "name": person.name,
            "email_addr": person.email,
            "domain": facts.application_id if named else None,
            "type_id": type_id if type_name else None,
            "type": type_name,
        }
    )


def _source_endpoint(facts: Facts) -> dict[str, Any]:
    return present({"ip": facts.ip, "name": None if facts.ip else facts.address})


def _http_request(facts: Facts) -> dict[str, Any]:
    return present(
        {
            "http_method": facts.method if facts.method in _KNOWN_METHODS else None,
            "url": present({"path": facts.path}),
            "user_agent": facts.user_agent,
        }
    )


def _unmapped(facts: Facts) -> dict[str, Any]:
    organization = facts.organization
    ours = {
        "application_id": facts.application_id,
        "grant_id": facts.grant_id,
        "organization_id": organization.known_as if organization else None,
        "reason": facts.reason,
        "ticket": facts.ticket,
        "target": facts.subject.known_as if facts.subject else None,
        "actor_kind": facts.actor.kind if facts.actor else None,
        "doer_kind": facts.doer.kind if facts.doer else None,
        "warning": facts.warning,
        # Whose session or grant it is, where somebody else acted on it.
        "actor": _user(facts.actor, facts) if facts.actor and facts.doer else None,
        "method": None if facts.method in _KNOWN_METHODS else facts.method,
        "details": dict(facts.details),
        "erased": list(facts.erased),
    }
    return present({"understudy": present(ours)})
