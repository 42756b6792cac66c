"""The application of an embedded installation: made once, and found from then on."""

from __future__ import annotations

from dataclasses import replace

from understudy.core.applications.application import NEW_SETTINGS, Application, Vertical
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import Reader, Unit
from understudy.embedded.plan import APPLICATION_ID, Plan
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.service.table import WIRES
from understudy.storage.engine.engine import StoreEngine


def settle(engine: StoreEngine, plan: Plan) -> None:
    """See that the application is there, and that launches reach the app where it is now.

    Name and permission are what it begins with: later an admin decides, and a restart must not
    switch on again what somebody has switched off.

    :raises InvalidInput: name or address cannot be used.
    :raises Unavailable: it cannot be written.
    """
    with engine.reading() as reader:
        known = reader.applications.get(APPLICATION_ID)
    if known is None or _moved(known, plan):
        engine.run(lambda unit: _settle(unit, plan))


def _settle(unit: Unit, plan: Plan) -> None:
    # Asked again: of the processes that start at once another one may have been faster.
    known = _known(unit)
    if known is None:
        _create(unit, plan)
    elif _moved(known, plan):
        others = tuple(url for url in known.settings.redirect_urls if url != plan.redirect_url)
        settings = replace(
            known.settings,
            # First, which is where launches go.
            redirect_urls=(plan.redirect_url, *others),
            session_origins=_pattern(plan),
        )
        administer.update(
            unit,
            replace(known, settings=settings),
            wires=WIRES.settings,
            by=SYSTEM,
            origin=Origin(),
        )


def _create(unit: Unit, plan: Plan) -> None:
    # The secret is shown to nobody: nothing here needs one. To have one is to rotate it.
    administer.create(
        unit,
        name=plan.name,
        vertical=Vertical.B2B,
        settings=replace(
            NEW_SETTINGS,
            impersonation_allowed=plan.allow_impersonation,
            redirect_urls=(plan.redirect_url,),
            session_origins=_pattern(plan),
        ),
        wires=WIRES.settings,
        application_id=APPLICATION_ID,
        by=SYSTEM,
        origin=Origin(),
    )


def _known(reader: Reader) -> Application | None:
    return reader.applications.get(APPLICATION_ID)


def _moved(known: Application, plan: Plan) -> bool:
    settings = known.settings
    return settings.redirect_urls[:1] != (
        plan.redirect_url,
    ) or settings.session_origins != _pattern(plan)


def _pattern(plan: Plan) -> str | None:
    return None if plan.session_origins is None else str(plan.session_origins)
