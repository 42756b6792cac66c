"""Who of the site's users may use the dashboard, where the site says nothing else.

Active users with ``is_staff``, by what Django knows of their rights: superusers are admins, those
with the permission to impersonate (``auth.impersonate_user``) are support managers, and members of
the groups ``understudy admin``, ``understudy support_manager``, ``understudy approver`` and
``understudy auditor`` are what these say.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib import auth
from django.db.models import Model
from django.http import HttpRequest

from understudy.contrib.django.permission import permission_name
from understudy.contrib.django.sign_in_moment import moment_in
from understudy.contrib.django.staff import own_session, signed_in
from understudy.sdk.staff_member import StaffMember

_ROLES = ("admin", "support_manager", "approver", "auditor")
_BY_ADDRESS = "allauth.account.auth_backends.AuthenticationBackend"
"""Where people sign in with their address, it knows nobody by anything else."""
GROUPS = {f"understudy {role}": role for role in _ROLES}


def staff_member(request: HttpRequest) -> StaffMember | None:
    """The default ``STAFF``: whoever is signed in, if they have a role."""
    user = signed_in(request)
    if user is None or getattr(user, "is_staff", False) is not True:
        return None
    email = getattr(user, user.get_email_field_name(), None)
    roles = frozenset(_roles(user))
    if not email or not roles:
        return None
    full_name = getattr(user, "get_full_name", user.get_username)()
    return StaffMember(
        id=str(user.pk),
        email=email,
        name=full_name or user.get_username(),
        roles=roles,
        signed_in_at=moment_in(own_session(request)),
    )


def check_password(request: HttpRequest, password: str) -> bool:
    """The default ``CHECK_PASSWORD``: by the site's own backends, which may count failures."""
    user = signed_in(request)
    if user is None:
        return False
    named = {user.USERNAME_FIELD: user.get_username()}
    if _BY_ADDRESS in settings.AUTHENTICATION_BACKENDS:
        named["email"] = getattr(user, user.get_email_field_name(), None)
    found = auth.authenticate(request, **named, password=password)
    return found is not None and found.pk == user.pk


def _roles(user: Model) -> Iterator[str]:
    if getattr(user, "is_superuser", False) is True:
        yield "admin"
    if user.has_perm(permission_name()):
        yield "support_manager"
    if hasattr(user, "groups"):
        yield from (GROUPS[group.name] for group in user.groups.filter(name__in=GROUPS))
