"""Asks the app's own user table, and reads its answers so that nothing odd is taken for a user."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from understudy.embedded.plan import APPLICATION_ID
from understudy.errors import Unavailable
from understudy.sdk.app_users import AppUser, Users

T = TypeVar("T")

ANSWER_SECONDS = 5.0
"""How long an async answer may take; a plain one holds up nobody but who asks."""


class AppUsersOf:
    """The ``AppUsers`` of an embedded app. To be called in threads.

    ``app_loop`` gives the event loop that the app runs in, if there is one: what is bound to it,
    such as connections, is used there alone.
    """

    application_id = APPLICATION_ID

    def __init__(
        self, users: Users, app_loop: Callable[[], asyncio.AbstractEventLoop | None]
    ) -> None:
        self._users = users
        self._app_loop = app_loop

    def get(self, subject_id: str) -> AppUser | None:
        """The user with this id.

        :raises Unavailable: the app raised, did not answer in time, or gave something else.
        """
        user = self._asked(lambda: self._users.get(subject_id))
        if user is not None and not _is_user(user):
            raise _odd("get", user)
        return user

    def search(self, query: str, limit: int) -> Sequence[AppUser]:
        """At most ``limit`` users whom ``query`` fits.

        :raises Unavailable: see ``get``.
        """

        def first() -> Iterable[AppUser] | Awaitable[Iterable[AppUser]]:
            found = self._users.search(query, limit)
            # Here, as it may be a query that is only asked now.
            return found if isinstance(found, Awaitable) else list(islice(found, limit))

        found = list(islice(self._asked(first), limit))
        for user in found:
            if not _is_user(user):
                raise _odd("search", user)
        return found

    def _asked(self, ask: Callable[[], T | Awaitable[T]]) -> T:
        try:
            answer = ask()
            return self._awaited(answer) if isinstance(answer, Awaitable) else answer
        except Exception as error:
            # Whatever the app raises: who somebody is, is not known then, and nobody may be them.
            raise Unavailable(
                "The app's user table did not answer. Try again shortly.",
                internal=f"users: {type(error).__name__}",
            ) from error

    def _awaited(self, answer: Awaitable[T]) -> T:
        async def result() -> T:
            return await asyncio.wait_for(answer, ANSWER_SECONDS)

        loop = self._app_loop()
        if loop is None or not loop.is_running():
            return asyncio.run(result())
        return asyncio.run_coroutine_threadsafe(result(), loop).result()


def _is_user(given: object) -> bool:
    if not isinstance(given, AppUser):
        return False
    # Whatever the class says of its fields, it is the app that has filled them in.
    user: Any = given
    texts = (user.email, user.name, user.organization_id, user.organization_name)
    return (
        isinstance(user.id, str)
        and user.id != ""
        and all(text is None or isinstance(text, str) for text in texts)
        and _are_texts(user.roles)
        and (user.tags is None or _are_texts(user.tags))
        and isinstance(user.protected, bool)
        and isinstance(user.disabled, bool)
    )


def _are_texts(given: object) -> bool:
    # In an order: each look at a set might find another one. And a text would be taken for many
    # roles of one letter.
    return isinstance(given, (tuple, list)) and all(isinstance(one, str) for one in given)


def _odd(name: str, given: object) -> Unavailable:
    return Unavailable(
        "The app's user table did not answer. Try again shortly.",
        internal=f"users.{name} gives AppUsers with texts and truths, not {type(given).__name__}",
    )
