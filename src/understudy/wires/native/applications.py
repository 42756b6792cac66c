"""The customers' apps and what an admin decides about them."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from understudy.core.applications.application import NEW_SETTINGS, Application
from understudy.core.people.permissions import Permission
from understudy.core.ports import Reader, Unit
from understudy.errors import NotFound
from understudy.flows.applications import administer
from understudy.http.access import APPLICATION, operator
from understudy.http.call import Call
from understudy.http.endpoint import API, Body, Endpoint, RateClass, answers
from understudy.http.idempotency import Replay
from understudy.http.query import NoQuery
from understudy.http.session_jwts import ensure_key
from understudy.http.shapes import Listed
from understudy.wires.native.schemas.applications import (
    ApplicationAnswer,
    ApplicationBrief,
    ApplicationSecret,
    CreateApplication,
    RotateSecret,
    UpdateApplication,
)
from understudy.wires.native.settings_change import (
    application_answer,
    changed_application,
    changed_settings,
    require_apart,
    require_callable,
)

_TAG = "applications"
_READ = operator(Permission.APPLICATIONS_READ)
_WRITE = operator(Permission.APPLICATIONS_WRITE)
_ONE = f"{API}/applications/{{application_id}}"


async def list_applications(call: Call[None, NoQuery]) -> Listed[ApplicationAnswer]:
    """All of them, by name."""

    def look_up(reader: Reader) -> Listed[ApplicationAnswer]:
        known = sorted(reader.applications.list(), key=lambda one: (one.name.casefold(), one.id))
        return Listed(
            items=[
                application_answer(one, call.node.wires, seen_by=call.principal) for one in known
            ],
            next_cursor=None,
        )

    return await call.read(look_up)


async def create_application(
    call: Call[CreateApplication, NoQuery],
) -> ApplicationSecret | Replay:
    """A new application, with its secret and a key of its own."""
    body, wires = call.body, call.node.wires
    require_callable(body.settings, call.node.settings.internal_targets)
    require_apart(body.settings, call.node.settings.public_url)
    settings = changed_settings(NEW_SETTINGS, body.settings, wires)

    def flow(unit: Unit) -> ApplicationSecret:
        made = administer.create(
            unit,
            name=body.name,
            vertical=body.vertical,
            settings=settings,
            wires=wires.settings,
            by=call.party,
            origin=call.origin,
        )
        return ApplicationSecret(
            application=application_answer(made.application, wires, seen_by=call.principal),
            secret=made.secret,
        )

    answer = await call.run_once(flow)
    if isinstance(answer, ApplicationSecret):
        await ensure_key(call.node, answer.application.id)
    return answer


async def get_application(call: Call[None, NoQuery]) -> ApplicationAnswer:
    """One application."""
    return await call.read(
        lambda reader: application_answer(
            _known(reader.applications.get(call.path["application_id"])),
            call.node.wires,
            seen_by=call.principal,
        )
    )


async def update_application(call: Call[UpdateApplication, NoQuery]) -> ApplicationAnswer:
    """Change an application; the row is read and written in one unit."""
    require_callable(call.body.settings, call.node.settings.internal_targets)
    require_apart(call.body.settings, call.node.settings.public_url)
    wires = call.node.wires

    def flow(unit: Unit) -> ApplicationAnswer:
        before = _known(unit.applications.get(call.path["application_id"]))
        after = changed_application(before, call.body, wires)
        changed = administer.update(
            unit, after, wires=wires.settings, by=call.party, origin=call.origin
        )
        return application_answer(changed, wires, seen_by=call.principal)

    return await call.run_ending(flow)


async def rotate_application_secret(call: Call[RotateSecret, NoQuery]) -> ApplicationSecret:
    """A new secret."""
    overlap = timedelta(minutes=call.body.overlap_minutes)
    rotated = await call.run_ending(
        lambda unit: administer.rotate_secret(
            unit,
            call.path["application_id"],
            overlap=overlap,
            by=call.party,
            origin=call.origin,
        )
    )
    return ApplicationSecret(
        application=application_answer(
            rotated.application, call.node.wires, seen_by=call.principal
        ),
        secret=rotated.secret,
    )


async def get_own_application(call: Call[None, NoQuery]) -> ApplicationBrief:
    """What an application may know of itself."""
    own = call.application.application
    return ApplicationBrief(id=own.id, name=own.name, vertical=own.vertical, status=own.status)


def _known(application: Application | None) -> Application:
    if application is None:
        raise NotFound
    return application


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=f"{API}/applications",
        operation="list_applications",
        summary="Every application",
        tag=_TAG,
        access=_READ,
        handler=list_applications,
        answers=answers(Listed[ApplicationAnswer]),
    ),
    Endpoint(
        method="POST",
        path=f"{API}/applications",
        operation="create_application",
        summary="Connect an application",
        description="Impersonation is off in it until it is switched on.",
        tag=_TAG,
        access=_WRITE,
        handler=create_application,
        body=Body(type=CreateApplication),
        answers=answers(ApplicationSecret, status=HTTPStatus.CREATED),
        idempotent=True,
        rate=RateClass.WRITE,
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        operation="get_application",
        summary="One application with its settings",
        tag=_TAG,
        access=_READ,
        handler=get_application,
        answers=answers(ApplicationAnswer),
        problems=(NotFound,),
    ),
    Endpoint(
        method="PATCH",
        path=_ONE,
        operation="update_application",
        ends=True,
        summary="Change name, status or settings",
        description="Sessions that the new settings would not allow end in the same moment.",
        tag=_TAG,
        access=_WRITE,
        handler=update_application,
        body=Body(type=UpdateApplication),
        answers=answers(ApplicationAnswer),
        problems=(NotFound,),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/rotate-secret",
        operation="rotate_application_secret",
        ends=True,
        summary="Replace the secret",
        tag=_TAG,
        access=_WRITE,
        handler=rotate_application_secret,
        body=Body(type=RotateSecret, required=False),
        answers=answers(ApplicationSecret),
        problems=(NotFound,),
        rate=RateClass.NONE,
    ),
    Endpoint(
        method="GET",
        path=f"{API}/application",
        operation="get_own_application",
        summary="The application that asks, without its settings",
        tag=_TAG,
        access=APPLICATION,
        handler=get_own_application,
        answers=answers(ApplicationBrief),
    ),
)
