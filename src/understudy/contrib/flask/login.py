"""Flask-Login under a session: ``current_user`` is the subject, and nobody signs in or out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from flask import Flask, Request, g
from werkzeug.local import LocalProxy

from understudy.contrib.flask.security import as_signed_in, find_user, has_security
from understudy.sdk.context import Present, current_impersonation, present_request
from understudy.sdk.forbidding import refuse_while_impersonating
from understudy.sdk.values import Subject


class LoginManager(Protocol):
    """What of Flask-Login's is used here. It has no other names, and no types of its own."""

    _user_callback: Callable[[str], object] | None
    _request_callback: Callable[[Request], object] | None
    _load_user: Callable[[], None]

    def _update_request_context_with_user(self, user: object) -> None: ...


def login_manager_of(app: Flask) -> LoginManager | None:
    """The app's; None without Flask-Login."""
    return cast("LoginManager | None", getattr(app, "login_manager", None))


def overlay(app: Flask) -> None:
    """Let Flask-Login find the subject in a session; once, however often this is called.

    In place of the whole search and not of the ``user_loader`` in it: before that, a protected
    session that nobody has signed in makes everybody a stranger, and a remember cookie goes before
    a request loader.
    """
    manager = login_manager_of(app)
    if manager is None or isinstance(manager._load_user, SubjectFirst):
        return
    from flask_login import (  # type: ignore[import-untyped]  # it has no types
        user_logged_in,
        user_login_confirmed,
    )

    user_logged_in.connect(_refuse_sign_in, app)
    user_login_confirmed.connect(_refuse_sign_in, app)
    manager._load_user = SubjectFirst(manager)
    if manager._request_callback is not None:
        manager._request_callback = _unless_in_session(manager._request_callback)


class SubjectFirst:
    """In place of a ``LoginManager``'s search for the user of a request."""

    def __init__(self, manager: LoginManager) -> None:
        self._manager = manager
        self._load_user = manager._load_user

    def __call__(self) -> None:
        """Settle on the subject; in a user's own request, on whom the app finds."""
        impersonation = current_impersonation()
        if impersonation is None or impersonation.user is None:
            self._load_user()
        else:
            user = loaded(impersonation.user)
            self._manager._update_request_context_with_user(user)
            g.understudy_user = user
            as_signed_in()


def settled_on() -> object:
    """Whom Flask-Login has settled on by itself; None where that is nobody, or our own finding.

    That one is known for the subject. To ask it for its id again takes a query, once a commit has
    let go of what was loaded, and the end of the request makes of that an error.
    """
    user = g.get("_login_user")
    if user is None or user is g.get("understudy_user"):
        return None
    # A stranger is nobody else.
    return user if getattr(user, "is_authenticated", False) else None


def load_by_login(app: Flask) -> Callable[[Subject], object] | None:
    """How ``app`` itself loads its users, by the subject's id; None without Flask-Login.

    Whoever could not sign in is nobody.
    """
    manager = login_manager_of(app)
    if manager is None:
        return None
    load_user = manager._user_callback or (lambda _: None)
    if has_security(app):
        load_user = find_user(app)

    def load(subject: Subject) -> object:
        user = load_user(subject.id)
        return user if getattr(user, "is_active", True) else None

    return load


def loaded(user: object) -> object:
    """The very user, of one who may be loaded late."""
    return user._get_current_object() if isinstance(user, LocalProxy) else user


def _unless_in_session(callback: Callable[[Request], object]) -> Callable[[Request], object]:
    # Asked by Flask-Security for each token, past the search above; the token is the agent's.
    def request_callback(request: Request) -> object:
        return None if current_impersonation() is not None else callback(request)

    return request_callback


def _refuse_sign_in(_: Flask, **__: object) -> None:
    # What was written into the session meanwhile is kept apart; but it would name somebody else.
    # Where no request is known people sign in as ever: they do so for themselves.
    if isinstance(present_request(), Present):
        refuse_while_impersonating()
