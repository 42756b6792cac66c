"""What an app says of its own staff, asked as a view of Flask's would be."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask

from understudy.contrib.wsgi.types import Environ
from understudy.sdk.consenting import ConsentOf
from understudy.sdk.installed import Options
from understudy.sdk.staff import HomeOf, MayStart, StaffOf
from understudy.sdk.values import Actor, Subject


def asked_in_flask(app: Flask, options: Options) -> Options:
    """``options`` whose callables get Flask's request, and find ``current_user`` and the rest.

    Our addresses stand in front of the app, so that no view, and nothing before one, has run.
    """
    asked = options.copy()
    staff, may_start, home_of = (options.get(name) for name in ("staff", "may_start", "home_of"))
    if staff is not None:
        asked["staff"] = _staff(app, cast("StaffOf", staff))
    if may_start is not None:
        asked["may_start"] = _may_start(app, cast("MayStart", may_start))
    if home_of is not None:
        asked["home_of"] = _home_of(app, cast("HomeOf", home_of))
    consent_of = options.get("consent_of")
    if consent_of is not None:
        asked["consent_of"] = _consent_of(app, consent_of)
    return asked


def _consent_of(app: Flask, consents: ConsentOf) -> ConsentOf:
    def consent_of(environ: Environ) -> Any:  # noqa: ANN401  (as the app's own)
        with app.request_context(environ) as context:
            return consents(context.request)

    return consent_of


def _staff(app: Flask, staff: StaffOf) -> StaffOf:
    def staff_of(environ: Environ) -> Any:  # noqa: ANN401  (as the app's own)
        with app.request_context(environ) as context:
            return staff(context.request)

    return staff_of


def _may_start(app: Flask, permits: MayStart) -> MayStart:
    def may_start(actor: Actor, subject_id: str, environ: Environ) -> Any:  # noqa: ANN401
        with app.request_context(environ) as context:
            return permits(actor, subject_id, context.request)

    return may_start


def _home_of(app: Flask, leads: HomeOf) -> HomeOf:
    def home_of(subject: Subject) -> Any:  # noqa: ANN401
        with app.app_context():
            return leads(subject)

    return home_of
