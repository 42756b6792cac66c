"""The user table of the app that a node is a part of: asked before anything is shown or decided.

A service has none; there, an application says by itself what becomes of its users.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from understudy.core.applications.application import Application
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.ports import Reader, Unit
from understudy.errors import InvalidInput, ManagedByApp, Unavailable
from understudy.flows.directory.absent import ABSENT
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.directory.take_over import Found, differs, take_over
from understudy.flows.origin import Origin
from understudy.sdk.app_users import AppUser

if TYPE_CHECKING:
    from understudy.http.call import Call

MOST = 50
"""So many users are found at once, whoever searches."""

_logger = logging.getLogger(__name__)


class AppUsers(Protocol):
    """Asks the app. Both block."""

    @property
    def application_id(self) -> str:
        """Whose users they are."""

    def get(self, subject_id: str) -> AppUser | None:
        """The user with this id, if there is one.

        :raises Unavailable: the app did not answer.
        """

    def search(self, query: str, limit: int) -> Sequence[AppUser]:
        """At most ``limit`` users whom ``query`` fits.

        :raises Unavailable: the app did not answer.
        """


def found_as(subject_id: str, user: AppUser | None) -> Found:
    """What the app has said of a user; another one than who was asked for is nobody."""
    if user is None or user.id != subject_id:
        return Found(id=SubjectId(subject_id), facts=None)
    organization_id = user.organization_id
    facts = SubjectFacts(
        id=SubjectId(user.id),
        email=user.email or None,
        name=user.name or None,
        organization_id=OrganizationId(organization_id) if organization_id else None,
        roles=tuple(user.roles),
        protected=user.protected,
        disabled=user.disabled,
        tags=ABSENT if user.tags is None else tuple(user.tags),
    )
    return Found(id=facts.id, facts=facts, organization_name=user.organization_name or None)


async def bring_up_to_date(
    call: Call[Any, Any], meant: Callable[[Reader], Application | None], subject_id: str
) -> None:
    """See that the directory has a user as the app does, before it is looked at.

    ``meant`` finds the application that is asked about.

    :raises Unavailable: the app did not answer, or it could not be written.
    :raises InvalidInput: the app has something of them that is no text.
    """
    asked = await _asked(call, meant)
    if asked is not None:
        users, application = asked
        user = await asyncio.to_thread(users.get, subject_id)
        await _bring(call, application, [found_as(subject_id, user)])


async def bring_subject(
    call: Call[Any, Any],
    application: Application,
    find: Callable[[Reader], SubjectId | None],
    *,
    or_last_known: bool = False,
) -> None:
    """``bring_up_to_date`` for whoever ``find`` finds.

    With ``or_last_known`` the directory stands where the app does not answer.
    """
    if call.node.app_users is None:
        return
    subject_id = await call.read(find)
    if subject_id is None:
        return
    with suppress(*((Unavailable, InvalidInput) if or_last_known else ())):
        await bring_up_to_date(call, lambda _: application, subject_id)


async def search_app(
    call: Call[Any, Any],
    meant: Callable[[Reader], Application | None],
    query: str,
    limit: int,
) -> Sequence[SubjectId] | None:
    """Whom the app finds, in its order, and in the directory from now on; None in a service.

    :raises Unavailable: see ``bring_up_to_date``.
    """
    asked = await _asked(call, meant)
    if asked is None:
        return None
    users, application = asked
    found = await asyncio.to_thread(users.search, query, min(limit, MOST))
    return await _bring(call, application, [found_as(user.id, user) for user in found])


async def require_kept_here(
    call: Call[Any, Any], meant: Callable[[Reader], Application | None]
) -> None:
    """Return only if the directory is where users are changed: the app would undo it unseen.

    :raises ManagedByApp: they are those of the app that the node is a part of.
    """
    if await _asked(call, meant) is not None:
        raise ManagedByApp("The app's own user table says who its users are. Change them there.")


async def _asked(
    call: Call[Any, Any], meant: Callable[[Reader], Application | None]
) -> tuple[AppUsers, Application] | None:
    users = call.node.app_users
    if users is None:
        return None
    application = await call.read(meant)
    if application is None or application.id != users.application_id:
        return None
    return users, application


async def _bring(
    call: Call[Any, Any], application: Application, found: Sequence[Found]
) -> Sequence[SubjectId]:
    """Write what differs; answers who is in the directory now."""

    def news(reader: Reader) -> list[Found]:
        return [one for one in found if differs(reader, application, one)]

    differing = await call.read(news)
    left_out: set[SubjectId] = set()
    if differing:
        alone = len(found) == 1
        left_out = await call.run_ending(
            lambda unit: _taken_over(unit, application, differing, call.origin, alone=alone)
        )
    return [one.id for one in found if one.id not in left_out]


def _taken_over(
    unit: Unit, application: Application, found: Sequence[Found], origin: Origin, *, alone: bool
) -> set[SubjectId]:
    """Take them over; answers whom the directory cannot hold, if it was not ``alone``."""
    left_out = set()
    for one in found:
        try:
            take_over(unit, application, one, origin=origin)
        except InvalidInput as error:
            if alone:
                raise
            # The others shall be found all the same.
            left_out.add(one.id)
            _logger.warning(
                "a user of the app cannot be shown: %s",
                error.detail,
                extra={"action": "take_over_user"},
            )
    return left_out
