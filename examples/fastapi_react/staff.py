"""Who of Tally's people may impersonate, by Tally's own sign-in; and whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.middleware.sessions import SessionMiddleware
from starlette.types import Receive, Scope, Send

from examples.fastapi_react.records import PASSWORD, PEOPLE, Person, customers
from understudy import Actor, AppUser, StaffMember, Understudy, Users


def understudy_of(site: str, data_dir: Path, secret_key: str) -> Understudy:
    """Understudy inside of the app, with the dashboard below ``/understudy``."""
    session = _sessions(secret_key)

    async def staff(scope: Scope) -> StaffMember | None:
        """Kim, who may do everything in a demo; elsewhere admins set the rules and others work."""
        signed = await session(scope)
        person = PEOPLE.get(signed.get("user_id", ""))
        if person is None or not person.is_staff:
            return None
        return StaffMember(
            id=person.id,
            email=person.email,
            name=person.name,
            roles=("admin", "support_manager"),
            signed_in_at=datetime.fromisoformat(signed["signed_in_at"]),
        )

    return Understudy.embedded(
        "Tally",
        url=f"{site}/understudy",
        data_dir=data_dir,
        staff=staff,
        users=Users(get=_user, search=_search),
        allow_impersonation=True,
        check_password=lambda scope, password: password == PASSWORD,
        sign_in_at="/sign-in",
    )


def actor_of(secret_key: str) -> Callable[[Scope], Awaitable[Actor | None]]:
    """Who of the staff makes a request, for starts from the app's own list of users."""
    session = _sessions(secret_key)

    async def staff(scope: Scope) -> Actor | None:
        person = PEOPLE.get((await session(scope)).get("user_id", ""))
        if person is None or not person.is_staff:
            return None
        return Actor(id=person.id, email=person.email, name=person.name)

    return staff


def _sessions(secret_key: str) -> Callable[[Scope], Awaitable[dict[str, Any]]]:
    """What the app's own cookie holds. The SDK asks before the app's middleware has run."""

    async def session(scope: Scope) -> dict[str, Any]:
        found: dict[str, Any] = {}

        async def read(inner: Scope, receive: Receive, send: Send) -> None:
            found.update(inner["session"])

        await SessionMiddleware(read, secret_key)(dict(scope), _nothing, _nowhere)
        return found

    return session


async def _nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def _nowhere(message: object) -> None:
    """Nobody is answered."""


def _user(subject_id: str) -> AppUser | None:
    person = PEOPLE.get(subject_id)
    return None if person is None else _told(person)


def _search(text: str, limit: int) -> list[AppUser]:
    return [_told(person) for person in customers(text)[:limit]]


def _told(person: Person) -> AppUser:
    return AppUser(id=person.id, email=person.email, name=person.name, protected=person.is_staff)
