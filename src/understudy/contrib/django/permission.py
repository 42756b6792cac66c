"""Who may impersonate whom, among the app's own users. Nobody, until somebody is told to.

``UNDERSTUDY["MAY_IMPERSONATE"]`` is a function of two users, actor and subject. It is asked behind
what no setting may break, and the service's own rules come behind both.
"""

from __future__ import annotations

from collections.abc import Callable

from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import Model
from django.utils.module_loading import import_string

from understudy.errors import SetupError
from understudy.sdk.context import current_impersonation

MayImpersonate = Callable[[Model, Model], bool]
SETTING = "MAY_IMPERSONATE"


def permission_name(model: type[Model] | None = None) -> str:
    """The Django permission that the default asks for, such as ``auth.impersonate_user``."""
    options = (model or get_user_model())._meta
    return f"{options.app_label}.impersonate_{options.model_name}"


def may_impersonate(actor: Model, subject: Model) -> bool:
    """The default: staff with the permission, but no other staff; superusers, but none of them.

    Whoever could become somebody with more rights than their own would have all of those.
    """
    if not _is_permitted(actor):
        return False
    if _is(subject, "is_superuser"):
        return False
    return _is(actor, "is_superuser") or not _is(subject, "is_staff")


def is_allowed(actor: Model, subject: Model) -> bool:
    """Whether ``actor`` may become ``subject``: by what always holds, then by the app's word.

    Both are signed up and active, they are two, and the actor is nobody else at the moment.

    :raises SetupError: the setting is malformed.
    """
    if not (_may_act(actor) and _is(subject, "is_active")) or actor.pk == subject.pk:
        return False
    # Only a plain yes: what forgot to answer has not agreed.
    return _asked()(actor, subject) is True


def may_begin(actor: Model) -> bool:
    """Whether it makes sense to offer ``actor`` anything, before anybody is chosen.

    :raises SetupError: the setting is malformed.
    """
    return _may_act(actor) and (_asked() is not may_impersonate or _is_permitted(actor))


def create_permission(*, using: str, apps: Apps, **_: object) -> None:
    """Create the permission beside those that Django creates; for ``post_migrate``.

    It is granted to nobody, and found under the user model's own.
    """
    user = get_user_model()._meta
    try:
        permission = apps.get_model("auth", "Permission")
        kind = apps.get_model("contenttypes", "ContentType")
    except LookupError:
        return
    if not router.allow_migrate_model(using, permission):
        return
    of, _made = kind.objects.using(using).get_or_create(
        app_label=user.app_label, model=user.model_name
    )
    permission.objects.using(using).get_or_create(
        content_type=of,
        codename=permission_name().partition(".")[2],
        defaults={"name": f"Can impersonate {user.verbose_name}"[:255]},
    )


def _is_permitted(actor: Model) -> bool:
    return _is(actor, "is_staff") and bool(actor.has_perm(permission_name()))


def _may_act(actor: Model) -> bool:
    return (
        _is(actor, "is_authenticated")
        and _is(actor, "is_active")
        and current_impersonation() is None
    )


def _asked() -> MayImpersonate:
    found = getattr(settings, "UNDERSTUDY", {}).get(SETTING, may_impersonate)
    if isinstance(found, str):
        try:
            found = import_string(found)
        except ImportError as error:
            raise SetupError(f"{SETTING} in settings.UNDERSTUDY: {error}.") from None
    if not callable(found):
        raise SetupError(f"{SETTING} in settings.UNDERSTUDY must be a function of two users.")
    checked: MayImpersonate = found
    return checked


def _is(user: Model, name: str) -> bool:
    return getattr(user, name, False) is True
