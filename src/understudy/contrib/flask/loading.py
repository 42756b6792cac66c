"""The app's user for a session's subject: loaded when somebody looks, or before all else."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask
from werkzeug.exceptions import Unauthorized
from werkzeug.local import LocalProxy

from understudy.contrib.flask.caching import let_caches_rest
from understudy.contrib.flask.login import load_by_login, overlay
from understudy.contrib.flask.security import has_security
from understudy.contrib.flask.tokens import hold_tokens
from understudy.sdk.passage.identity import UserId, default_user_id
from understudy.sdk.passage.steps import Lazily, LoadUser
from understudy.sdk.values import Subject

LoadSubject = Callable[[Subject], object]


class NotTheSubject(Unauthorized):
    """What the app gets in place of a user who is not the subject; the session ends."""

    description = "The app has nobody for whom this session is."


class LateUser:
    """The user of one request: loaded once, by whoever looks first.

    :raises NotTheSubject: nobody was found, or somebody else.
    """

    def __init__(self, step: LoadUser, load_user: LoadSubject) -> None:
        self._step = step
        self._load_user = load_user
        self._lock = threading.RLock()
        self._user: object = None
        self._is_loaded = False

    def __call__(self) -> object:
        """The user."""
        with self._lock:
            if not self._is_loaded:
                self._user = self._load_user(self._step.subject)
                self._is_loaded = True
        # Said before the app has the user, so that nobody sees who is not meant; and each time, as
        # the passage counts who looks.
        if not self._step.found(self._user):
            raise NotTheSubject
        return self._user


class Loading:
    """Answers a passage that asks for the user, and readies the app for its first session.

    Not before, as other extensions may come after ours, and apps that see no session need nothing.
    """

    def __init__(self, app: Flask, load_user: LoadSubject | None, *, lazily: bool) -> None:
        self._app = app
        self._load_user = load_user
        self._lazily = lazily

    def __call__(self, step: LoadUser) -> object | Lazily:
        """The user, or one who is loaded late."""
        overlay(self._app)
        let_caches_rest(self._app)
        hold_tokens(self._app)
        load_user = self._load_user or load_by_login(self._app)
        if load_user is None:
            return Lazily(None)
        if self._lazily:
            return Lazily(LocalProxy(LateUser(step, load_user)))
        with self._app.app_context():
            return load_user(step.subject)


def id_of(app: Flask, *, by_login: bool) -> UserId:
    """How a user's id is read: as Flask-Login has it, or first as ``id``."""

    def user_id(user: object) -> object:
        # Asked each time, as Flask-Security may come after us.
        ways = (_login_id, default_user_id)
        if not by_login or has_security(app):
            ways = (default_user_id, _login_id)
        return next((found for way in ways if (found := way(user)) is not None), None)

    return user_id


def _login_id(user: object) -> object:
    get_id = getattr(user, "get_id", None)
    return get_id() if callable(get_id) else None
