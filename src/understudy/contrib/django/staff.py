"""Who of the app's users starts a session: its own sign-in, which is only read.

Our own addresses are answered before any other middleware, and the agent's session row must come
out of it byte for byte the same: Django's own way may renew it, or delete it.
"""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from understudy.contrib.django.conf import setup
from understudy.contrib.django.permission import is_allowed, may_begin
from understudy.sdk.values import Actor, Subject


def signed_in(request: HttpRequest) -> Model | None:
    """The app's user whose session ``request`` carries; None for nobody, and for inactive ones."""
    session = own_session(request)
    if session is None:
        return None
    path = session.get(auth.BACKEND_SESSION_KEY)
    if path not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = auth.load_backend(path).get_user(_primary_key(session.get(auth.SESSION_KEY)))
    if user is None or not user.is_active or not _is_current(user, session):
        return None
    return user


def own_session(request: HttpRequest) -> SessionBase | None:
    """The session that ``request`` carries, to be read; None without one."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    found: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return found


def staff(request: HttpRequest) -> Actor | None:
    """The default ``STAFF``: whoever is signed in, if they might start anything at all."""
    user = signed_in(request)
    if user is None or not may_begin(user):
        return None
    email = getattr(user, user.get_email_field_name(), None)
    full_name = getattr(user, "get_full_name", user.get_username)()
    return Actor(id=str(user.pk), email=email or None, name=full_name or user.get_username())


def may_start(actor: Actor, subject_id: str, request: HttpRequest) -> bool:
    """The default ``MAY_START``: whether the signed-in user may become this one.

    It goes by the users of both, and by ``MAY_IMPERSONATE``.
    """
    user = signed_in(request)
    subject = setup().load_user(Subject(id=subject_id, email=None, name=None, roles=()))
    if user is None or subject is None or str(user.pk) != actor.id:
        return False
    return is_allowed(user, subject)


def _primary_key(said: object) -> object:
    try:
        return auth.get_user_model()._meta.pk.to_python(said)
    except ValidationError:
        return None


def _is_current(user: Model, session: SessionBase) -> bool:
    """False once the password was changed elsewhere, which ends a session as Django has it."""
    if not hasattr(user, "get_session_auth_hash"):
        return True
    said = session.get(auth.HASH_SESSION_KEY) or ""
    hashes = [user.get_session_auth_hash()]
    if hasattr(user, "get_session_auth_fallback_hash"):
        hashes += user.get_session_auth_fallback_hash()
    return any(constant_time_compare(said, known) for known in hashes)
