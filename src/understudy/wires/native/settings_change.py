"""Settings of an application as they come in and go out."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from msgspec import UNSET, UnsetType

from understudy.core.applications.addresses import effective_launch_url
from understudy.core.applications.application import (
    Application,
    ApplicationSettings,
    RbacPermission,
    RbacRole,
)
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.core.notices.receivers import InternalTargets, read_receiver
from understudy.core.people.principals import Status
from understudy.wires.native.presenting import blocked_actions
from understudy.wires.native.schemas.applications import (
    ApplicationAnswer,
    RbacPermissionShape,
    RbacRoleShape,
    SettingsAnswer,
    SettingsChange,
    UpdateApplication,
)
from understudy.wires.stytch.project import public_token


def changed_settings(before: ApplicationSettings, change: SettingsChange) -> ApplicationSettings:
    """``before`` with what ``change`` gives."""
    given: dict[str, Any] = {}
    for one in fields(ApplicationSettings):
        value = getattr(change, one.name)
        if value is UNSET:
            continue
        if one.name == "blocked_actions":
            value = [
                BlockedAction(method=shape.method, pattern=shape.pattern, label=shape.label)
                for shape in value
            ]
        if one.name == "rbac_roles":
            value = [_role(shape) for shape in value]
        given[one.name] = tuple(value) if isinstance(value, list) else value
    return replace(before, **given)


def require_callable(change: SettingsChange | UnsetType, internal: InternalTargets) -> None:
    """Refuse a new logout URL that would never be called.

    :raises InvalidInput: see ``core.receivers.read_receiver``.
    """
    if change is UNSET or change.logout_url is UNSET or change.logout_url is None:
        return
    read_receiver(change.logout_url, internal, field="logout_url")


def changed_application(before: Application, change: UpdateApplication) -> Application:
    """``before`` with what ``change`` gives."""
    settings = before.settings
    if change.settings is not UNSET:
        settings = changed_settings(settings, change.settings)
    return replace(
        before,
        name=before.name if change.name is UNSET else change.name,
        status=before.status if change.status is UNSET else Status(change.status),
        settings=settings,
    )


def application_answer(application: Application) -> ApplicationAnswer:
    """An application with its settings, without its secret."""
    return ApplicationAnswer(
        id=application.id,
        name=application.name,
        vertical=application.vertical,
        status=application.status,
        public_token=public_token(application.id),
        settings=_settings_answer(application.settings),
        previous_secret_expires_at=application.previous_secret_expires_at,
        created_at=application.created_at,
        updated_at=application.updated_at,
    )


def _settings_answer(settings: ApplicationSettings) -> SettingsAnswer:
    return SettingsAnswer(
        impersonation_allowed=settings.impersonation_allowed,
        hand_off=settings.hand_off,
        redirect_urls=list(settings.redirect_urls),
        launch_url=settings.launch_url,
        effective_launch_url=effective_launch_url(settings.launch_url, settings.redirect_urls),
        default_minutes=settings.default_minutes,
        max_minutes=settings.max_minutes,
        idle_minutes=settings.idle_minutes,
        reason_min_length=settings.reason_min_length,
        ticket_required=settings.ticket_required,
        allowed_scopes=list(settings.allowed_scopes),
        default_scope=settings.default_scope,
        blocked_actions=blocked_actions(settings.blocked_actions),
        role_ranks=dict(settings.role_ranks),
        retention_days=settings.retention_days,
        logout_url=settings.logout_url,
        browser_sdk=settings.browser_sdk,
        browser_origins=list(settings.browser_origins),
        rbac_roles=[_role_shape(role) for role in settings.rbac_roles],
    )


def _role(shape: RbacRoleShape) -> RbacRole:
    return RbacRole(
        role_id=shape.role_id,
        description=shape.description,
        permissions=tuple(
            RbacPermission(resource_id=one.resource_id, actions=tuple(one.actions))
            for one in shape.permissions
        ),
    )


def _role_shape(role: RbacRole) -> RbacRoleShape:
    return RbacRoleShape(
        role_id=role.role_id,
        description=role.description,
        permissions=[
            RbacPermissionShape(resource_id=one.resource_id, actions=list(one.actions))
            for one in role.permissions
        ],
    )
