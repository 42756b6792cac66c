"""The extension: puts the guard around one Flask app or several, and tells it what Flask knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, Unpack, cast

from flask import Flask

from understudy.contrib.flask.commands import commands
from understudy.contrib.flask.hooks import hook_into
from understudy.contrib.flask.installation import NAME, Installation
from understudy.contrib.flask.loading import Loading, id_of
from understudy.contrib.flask.reading_views import only_reads
from understudy.contrib.flask.settings import read_settings
from understudy.contrib.flask.staff import asked_in_flask
from understudy.contrib.wsgi import UnderstudyMiddleware
from understudy.contrib.wsgi.types import App
from understudy.errors import SetupError
from understudy.sdk.installed import Options
from understudy.sdk.passage.identity import UserId
from understudy.sdk.understudy import Understudy as Link
from understudy.sdk.values import Subject


class Understudy:
    """Serves requests that carry an impersonation session as the session's subject.

    What is not given here stands in ``app.config``, in capitals behind ``UNDERSTUDY_``: the
    service's ``URL``, the ``APPLICATION_ID`` and the ``SECRET``, what else
    ``understudy.Understudy.remote`` takes, and the ``options`` of
    ``understudy.sdk.installed.Options``. In place of the service's there may be ``EMBEDDED``, a
    dict of what ``understudy.Understudy.embedded`` takes; the dashboard then is at the path of its
    ``url``. ``understudy`` is a link of either kind that was made before, as tests have one.
    ``own_cookies`` are, unless said otherwise, Flask's session and what Flask-Login remembers
    people by.

    ``load_user(subject)`` gives the app's user for the subject; without it, Flask-Login's
    ``user_loader`` or Flask-Security's datastore is asked for the subject's id. The id of the user,
    by ``user_id(user)`` or else ``get_id()`` or ``id``, must be the subject's, or the session ends.
    Where there is no loader at all, the app itself must ask ``current_impersonation()`` whom to
    serve.

    The user is loaded when somebody looks, within the app's own request, and before any view that
    may change something. With ``lazily=False`` that happens before Flask is called, in a context of
    its own: what belongs to a database session is then detached from it.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        understudy: Link | None = None,
        load_user: Callable[[Subject], object] | None = None,
        user_id: UserId | None = None,
        lazily: bool = True,
        **options: Unpack[Options],
    ) -> None:
        self._understudy = understudy
        self._load_user = load_user
        self._user_id = user_id
        self._lazily = lazily
        self._options = options
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Guard ``app``, whose settings stand in its ``config`` by now.

        :raises SetupError: a setting is missing, unknown or malformed, or ``app`` is guarded
            already.
        """
        if NAME in app.extensions:
            raise SetupError("This app has an Understudy already.")
        settings = read_settings(app, self._options)
        understudy = self._understudy or settings.link()
        wrapped: App = UnderstudyMiddleware(
            cast("Any", app.wsgi_app),  # typed as a method of Flask's
            understudy=understudy,
            user_id=self._user_id or id_of(app, by_login=self._load_user is None),
            loading=Loading(app, self._load_user, lazily=self._lazily),
            reads_by_view=partial(only_reads, app),
            **asked_in_flask(app, settings.options),
        )
        if understudy.embedding is not None:
            # By its name: what runs in every app does not reach up to what few have installed.
            mount = import_module("understudy.embedded.mount.flask")
            wrapped = mount.with_dashboard(app, wrapped, understudy)
        setattr(app, "wsgi_app", wrapped)  # noqa: B010  (a method, to mypy)
        app.extensions[NAME] = Installation(understudy, settings.options, self._load_user)
        hook_into(app)
        app.cli.add_command(commands)
