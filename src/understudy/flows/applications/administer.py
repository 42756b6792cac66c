"""Applications: create them, change their settings, rotate their secrets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from understudy.core.applications.addresses import (
    check_launch_url,
    check_redirect_url,
)
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.applications.session_origins import check_session_origins
from understudy.core.applications.wire_settings import NO_WIRES, AllWireSettings
from understudy.core.governance.insiders import insider_facts
from understudy.core.governance.working_hours import WorkingHours
from understudy.core.impersonation.tokens import NONCE_BYTES, IdPrefix, TokenPurpose
from understudy.core.notices.events import EventType, Party, Scalar
from understudy.core.people.labels import read_groups
from understudy.core.people.principals import Status
from understudy.core.ports import SessionFilter, Unit
from understudy.core.redaction.checking import check_redaction
from understudy.core.redaction.rules import told
from understudy.errors import InvalidInput, NotFound
from understudy.flows.application_events import application_event
from understudy.flows.applications.consent_terms import check_consent, consent_facts
from understudy.flows.applications.decision_point import point_facts
from understudy.flows.applications.safeguards import guarded
from understudy.flows.applications.texts import require_application_text
from understudy.flows.impersonation.marks import zone
from understudy.flows.impersonation.narrow_sessions import hold_sessions
from understudy.flows.origin import Origin
from understudy.flows.retention_terms import set_terms, terms_of


@dataclass(frozen=True, kw_only=True)
class WithSecret:
    """An application and its secret, shown this once."""

    application: Application
    secret: str = field(repr=False)


def create(
    unit: Unit,
    *,
    name: str,
    vertical: Vertical,
    settings: ApplicationSettings,
    wires: AllWireSettings = NO_WIRES,
    application_id: str | None = None,
    by: Party,
    origin: Origin,
) -> WithSecret:
    """A new application. Of a wire that is not among ``wires`` nothing can be set.

    ``application_id`` is given where its app knows it beforehand.

    :raises InvalidInput: settings that contradict each other, or an address that cannot be used.
    """
    check(settings)
    require_application_text(name, settings)
    parts = _parts(settings, wires)
    secret = _secret(unit)
    application = Application(
        id=application_id or unit.new_id(IdPrefix.APPLICATION),
        name=name,
        vertical=vertical,
        status=Status.ACTIVE,
        settings=settings,
        secret_hash=unit.vault.token_hash(TokenPurpose.APPLICATION_SECRET, secret),
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.applications.add(application)
    entry = unit.record(
        application_event(
            EventType.APPLICATION_CREATED, application, by, origin, _facts(application, parts)
        )
    )
    set_terms(unit, application, before=None, entry=entry)
    return WithSecret(application=application, secret=secret)


def update(
    unit: Unit,
    application: Application,
    *,
    wires: AllWireSettings = NO_WIRES,
    by: Party,
    origin: Origin,
) -> Application:
    """Replace an application by a changed copy; sessions it no longer permits end in this unit.

    The part of a wire that is not among ``wires`` stays as it was, and what would loosen the guards
    of policies waits to be confirmed as a change of these would.

    :raises NotFound: no such application.
    :raises InvalidInput: settings that contradict each other, or an address that cannot be used.
    :raises Conflict: it would loosen them, and another such change waits already.
    """
    check(application.settings)
    before = unit.applications.get(application.id)
    if before is None:
        raise NotFound
    require_application_text(application.name, application.settings, before)
    settings = guarded(unit, before, application.settings, by=by, origin=origin)
    application = replace(application, settings=settings)
    parts = _parts(application.settings, wires, before=before.settings)
    disabled = before.status is Status.ACTIVE and application.status is not Status.ACTIVE
    off = before.settings.impersonates and not application.settings.impersonates
    # What waits shall not come about when it is switched on again.
    epoch = before.epoch + 1 if disabled or off else before.epoch
    changed = replace(application, updated_at=unit.now, epoch=epoch, freezes=before.freezes)
    unit.applications.save(changed)
    kind = EventType.APPLICATION_DISABLED if disabled else EventType.APPLICATION_UPDATED
    terms = terms_of(unit, before)
    facts = _facts(changed, parts)
    keeps_otherwise = changed.settings.retention_days != before.settings.retention_days
    if keeps_otherwise:
        facts["retention_days_before"] = terms.days
    entry = unit.record(application_event(kind, changed, by, origin, facts))
    if keeps_otherwise:
        set_terms(unit, changed, before=terms, entry=entry)
    # Behind the saving, which the premises are read from, and in its unit: a setting and its
    # consequences are durable together.
    hold_sessions(unit, SessionFilter(application_id=changed.id), by=by, origin=origin)
    return changed


def rotate_secret(
    unit: Unit, application_id: str, *, overlap: timedelta, by: Party, origin: Origin
) -> WithSecret:
    """A new secret; the old one works for ``overlap`` longer.

    Without an overlap the old one counts as leaked, and what waits to be exchanged is cancelled.

    :raises NotFound: no such application.
    """
    application = unit.applications.get(application_id)
    if application is None:
        raise NotFound
    secret = _secret(unit)
    rotated = replace(
        application,
        secret_hash=unit.vault.token_hash(TokenPurpose.APPLICATION_SECRET, secret),
        # Without an overlap the old one is dead at once: that is how a leaked secret is replaced.
        previous_secret_hash=application.secret_hash if overlap else None,
        previous_secret_expires_at=unit.now + overlap if overlap else None,
        updated_at=unit.now,
        epoch=application.epoch if overlap else application.epoch + 1,
    )
    unit.applications.save(rotated)
    facts: dict[str, Scalar] = {"overlap_minutes": int(overlap.total_seconds() // 60)}
    unit.record(application_event(EventType.APPLICATION_SECRET_ROTATED, rotated, by, origin, facts))
    return WithSecret(application=rotated, secret=secret)


def secret_hashes(application: Application, now: datetime) -> tuple[bytes, ...]:
    """The hashes of the secrets that are good at ``now``."""
    until = application.previous_secret_expires_at
    if application.previous_secret_hash is None or until is None or now >= until:
        return (application.secret_hash,)
    return (application.secret_hash, application.previous_secret_hash)


def check(settings: ApplicationSettings) -> None:
    """Refuse settings that no application could work under.

    :raises InvalidInput: naming the field and what would be right.
    """
    for url in settings.redirect_urls:
        check_redirect_url(url)
    if settings.launch_url is not None:
        check_launch_url(settings.launch_url, settings.redirect_urls)
    if settings.session_origins is not None:
        check_session_origins(settings.session_origins, settings.redirect_urls)
    if settings.logout_url is not None:
        check_redirect_url(settings.logout_url)
    check_redaction(settings.redaction)
    _check_hours(settings.insiders.working_hours)
    if settings.default_minutes > settings.max_minutes:
        raise InvalidInput("default_minutes may not exceed max_minutes.")
    if settings.default_scope not in settings.allowed_scopes:
        raise InvalidInput("default_scope must be one of allowed_scopes.")
    approval = settings.approval
    if approval.quorum and not (approval.roles or approval.groups):
        raise InvalidInput("Say which roles or groups may agree, or nobody could.")
    read_groups(approval.groups, "approval.groups")
    check_consent(settings.consent)


def _check_hours(hours: WorkingHours | None) -> None:
    if hours is None:
        return
    field = {"field": "working_hours"}
    if not hours.makes_sense or not hours.days:
        raise InvalidInput("Working hours have days and a beginning and an end.", facts=field)
    if zone(hours.time_zone) is None:
        raise InvalidInput("This time zone is not known here.", facts=field)


def _secret(unit: Unit) -> str:
    return unit.vault.derive_token(TokenPurpose.APPLICATION_SECRET, unit.random(NONCE_BYTES))


def _parts(
    settings: ApplicationSettings,
    wires: AllWireSettings,
    *,
    before: ApplicationSettings | None = None,
) -> dict[str, Scalar]:
    """What an entry tells of each wire's part.

    :raises InvalidInput: a part that its wire refuses, or a changed one of a wire not known here.
    """
    stood = before.wires if before is not None else {}
    for name in settings.wires.keys() - wires.keys():
        # An unchanged part passes: it may be of a newer node, whose wires this one does not know.
        if settings.wires[name] != stood.get(name):
            raise InvalidInput(f"There is no wire {name} here to set anything of.")
    told: dict[str, Scalar] = {}
    for name, known in wires.items():
        told |= known.facts(known.complete(settings.wires.get(name, {})))
    return told


def _facts(application: Application, parts: dict[str, Scalar]) -> dict[str, Scalar]:
    settings, approval = application.settings, application.settings.approval
    return {
        "status": application.status,
        "impersonation_allowed": settings.impersonation_allowed,
        "hand_off": settings.hand_off,
        "redirect_urls": " ".join(settings.redirect_urls),
        "launch_url": settings.launch_url,
        "session_origins": settings.session_origins,
        "default_minutes": settings.default_minutes,
        "max_minutes": settings.max_minutes,
        "idle_minutes": settings.idle_minutes,
        "reason_min_length": settings.reason_min_length,
        "ticket_required": settings.ticket_required,
        "allowed_scopes": " ".join(settings.allowed_scopes),
        "blocked_actions": ", ".join(
            f"{action.method} {action.pattern}" for action in settings.blocked_actions
        ),
        "unlocks": settings.unlocks,
        "deny_packs": " ".join(settings.deny_packs.packs),
        "deny_packs_excepted": " ".join(settings.deny_packs.excepted),
        "role_ranks": ", ".join(
            f"{role}={rank}" for role, rank in sorted(settings.role_ranks.items())
        ),
        "unranked_roles": settings.unranked_roles,
        "retention_days": settings.retention_days,
        "logout_url": settings.logout_url,
        "redaction": ", ".join(told(settings.redaction)),
        "approval_quorum": settings.approval.quorum,
        "approval_roles": " ".join(settings.approval.roles),
        **({"approval_groups": " ".join(approval.groups)} if approval.groups else {}),
        "approval_minutes": settings.approval.pending_minutes,
        "break_glass": settings.approval.break_glass,
        "break_glass_minutes": settings.approval.break_glass_minutes,
        **consent_facts(settings.consent),
        "policy_changes": settings.policy_changes.told,
        "decision_point": point_facts(settings.decision_point)["decision_point"],
        **insider_facts(settings.insiders),
        **parts,
    }
