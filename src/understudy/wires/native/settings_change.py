"""Settings of an application as they come in and go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, cast

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.applications.addresses import effective_launch_url
from understudy.core.applications.application import Application, ApplicationSettings
from understudy.core.notices.receivers import InternalTargets, read_receiver
from understudy.core.people.principals import Status
from understudy.http.principal import Principal
from understudy.http.registrable import check_apart
from understudy.http.wires import Wires
from understudy.wires.native import approval_terms, consent_terms
from understudy.wires.native.insiders import limits_answer
from understudy.wires.native.presenting import blocked_actions, redaction_shape
from understudy.wires.native.presenting_safeguards import terms_shape
from understudy.wires.native.schemas.applications import (
    ApplicationAnswer,
    DenyPacksShape,
    SettingsAnswer,
    SettingsChange,
    UpdateApplication,
)
from understudy.wires.native.schemas.choices import HandOff
from understudy.wires.native.settings_parts import changed_part

_FLAT = set(SettingsAnswer.__struct_fields__) - {one.name for one in fields(ApplicationSettings)}
"""The members that stand flat in the API for a wire; what else one adds is set by other ways."""


def changed_settings(
    before: ApplicationSettings, change: SettingsChange, wires: Wires
) -> ApplicationSettings:
    """``before`` with what ``change`` gives; what single wires add stands flat in it."""
    given = {
        one.name: changed_part(one.name, getattr(before, one.name), value)
        for one in fields(ApplicationSettings)
        if (value := getattr(change, one.name, UNSET)) is not UNSET
    }
    return replace(before, **given, wires=_changed_parts(before, change, wires))  # type: ignore[arg-type]


def _changed_parts(
    before: ApplicationSettings, change: SettingsChange, wires: Wires
) -> dict[str, Mapping[str, Any]]:
    parts = dict(before.wires)
    for name, part in wires.parts(before).items():
        given = {
            member: msgspec.to_builtins(value)
            for member in _FLAT & part.keys()
            if (value := getattr(change, member, UNSET)) is not UNSET
        }
        if given:
            parts[name] = {**before.wires.get(name, {}), **given}
    return parts


def require_callable(change: SettingsChange | UnsetType, internal: InternalTargets) -> None:
    """Refuse a new logout URL that would never be called.

    :raises InvalidInput: see ``core.receivers.read_receiver``.
    """
    if change is UNSET or change.logout_url is UNSET or change.logout_url is None:
        return
    read_receiver(change.logout_url, internal, field="logout_url")


def require_apart(change: SettingsChange | UnsetType, public_url: str) -> None:
    """Refuse origins of sessions in whose domain somebody else is at home.

    :raises InvalidInput: see ``http.registrable.check_apart``.
    """
    if change is UNSET or change.session_origins is UNSET or change.session_origins is None:
        return
    check_apart(change.session_origins, public_url)


def changed_application(
    before: Application, change: UpdateApplication, wires: Wires
) -> Application:
    """``before`` with what ``change`` gives."""
    settings = before.settings
    if change.settings is not UNSET:
        settings = changed_settings(settings, change.settings, wires)
    return replace(
        before,
        name=before.name if change.name is UNSET else change.name,
        status=before.status if change.status is UNSET else Status(change.status),
        settings=settings,
    )


def application_answer(
    application: Application, wires: Wires, *, seen_by: Principal
) -> ApplicationAnswer:
    """An application with its settings, without its secret, as ``seen_by`` may see it."""
    return ApplicationAnswer(
        id=application.id,
        name=application.name,
        vertical=application.vertical,
        status=application.status,
        public_token=wires.public(application)["public_token"],
        settings=_settings_answer(application.settings, wires, seen_by=seen_by),
        previous_secret_expires_at=application.previous_secret_expires_at,
        created_at=application.created_at,
        updated_at=application.updated_at,
    )


def _settings_answer(
    settings: ApplicationSettings, wires: Wires, *, seen_by: Principal
) -> SettingsAnswer:
    parts = wires.parts(settings).values()
    return SettingsAnswer(
        impersonation_allowed=settings.impersonation_allowed,
        hand_off=cast(HandOff, settings.hand_off),  # as stored, be it known here or not
        redirect_urls=list(settings.redirect_urls),
        launch_url=settings.launch_url,
        effective_launch_url=effective_launch_url(settings.launch_url, settings.redirect_urls),
        session_origins=settings.session_origins,
        default_minutes=settings.default_minutes,
        max_minutes=settings.max_minutes,
        idle_minutes=settings.idle_minutes,
        reason_min_length=settings.reason_min_length,
        ticket_required=settings.ticket_required,
        allowed_scopes=list(settings.allowed_scopes),
        default_scope=settings.default_scope,
        blocked_actions=blocked_actions(settings.blocked_actions),
        unlocks=settings.unlocks,
        deny_packs=DenyPacksShape(
            packs=list(settings.deny_packs.packs), excepted=list(settings.deny_packs.excepted)
        ),
        role_ranks=dict(settings.role_ranks),
        unranked_roles=settings.unranked_roles,
        retention_days=settings.retention_days,
        logout_url=settings.logout_url,
        redaction=redaction_shape(settings.redaction),
        approval=approval_terms.terms_answer(settings.approval),
        consent=consent_terms.terms_answer(settings.consent),
        policy_changes=terms_shape(settings.policy_changes),
        insiders=limits_answer(settings.insiders, seen_by=seen_by),
        **{name: value for part in parts for name, value in part.items() if name in _FLAT},
    )
