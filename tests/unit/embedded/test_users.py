from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from understudy import AppUser, Users
from understudy.embedded.users import AppUsersOf
from understudy.errors import Unavailable

ADA = AppUser(id="ada", email="ada@shop.example", name="Ada", roles=("editor",))


def nobody(query: str, limit: int) -> list[AppUser]:
    return []


def users(**callables: Any) -> AppUsersOf:
    given = {"get": lambda subject_id: None, "search": nobody, **callables}
    return AppUsersOf(Users(**given), lambda: None)


def test_no_more_users_than_were_asked_for_are_taken() -> None:
    def all_of_them(query: str, limit: int) -> Iterator[AppUser]:
        while True:
            yield ADA

    assert users(search=all_of_them).search("", 3) == [ADA] * 3


def test_async_callables_are_awaited_in_the_loop_of_the_app() -> None:
    loops = []

    async def get(subject_id: str) -> AppUser:
        loops.append(asyncio.get_running_loop())
        return ADA

    async def search(query: str, limit: int) -> list[AppUser]:
        loops.append(asyncio.get_running_loop())
        return [ADA]

    async def app() -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        asked = AppUsersOf(Users(get=get, search=search), lambda: loop)
        assert await asyncio.to_thread(asked.get, "ada") == ADA
        assert await asyncio.to_thread(asked.search, "", 5) == [ADA]
        return loop

    assert loops == [asyncio.run(app())] * 2
    # Without one they are awaited all the same.
    assert users(get=get).get("ada") == ADA


@pytest.mark.parametrize(
    "odd",
    [
        "ada",
        {"id": "ada"},
        replace(ADA, id=7),  # type: ignore[arg-type]
        replace(ADA, id=""),
        replace(ADA, name=b"Ada"),  # type: ignore[arg-type]
        replace(ADA, roles="editor"),  # type: ignore[arg-type]
        replace(ADA, roles={"editor"}),  # type: ignore[arg-type]
        replace(ADA, roles=(1,)),  # type: ignore[arg-type]
        replace(ADA, protected=None),  # type: ignore[arg-type]
        replace(ADA, disabled=0),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_user_is_not_taken_for_one(odd: Any) -> None:
    with pytest.raises(Unavailable) as caught:
        users(get=lambda subject_id: odd).get("ada")
    assert "shop.example" not in str(caught.value.internal)
    with pytest.raises(Unavailable):
        users(search=lambda query, limit: [ADA, odd]).search("", 5)


def test_whatever_the_app_raises_is_no_answer_and_is_not_repeated() -> None:
    def away(subject_id: str) -> AppUser:
        raise ConnectionError("postgresql://ada:hunter2@db")

    with pytest.raises(Unavailable) as caught:
        users(get=away).get("ada")
    assert "hunter2" not in f"{caught.value} {caught.value.internal}"


@pytest.mark.parametrize("tags", [("vip",), ["vip"], (), None])
def test_tags_are_texts_in_an_order_or_not_said(tags: Any) -> None:
    ada = replace(ADA, tags=tags)
    assert users(get=lambda subject_id: ada).get("ada") == ada


@pytest.mark.parametrize("tags", ["vip", {"vip"}, ("vip", 7), 7])
def test_tags_that_are_no_texts_are_not_taken(tags: Any) -> None:
    asked = users(get=lambda subject_id: replace(ADA, tags=tags))
    with pytest.raises(Unavailable):
        asked.get("ada")
