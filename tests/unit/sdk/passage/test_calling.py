"""The app's own functions, called from an event loop."""

from __future__ import annotations

import asyncio
import threading

from understudy.sdk.passage.calling import call, is_async


class Loader:
    """Called like an async function."""

    async def __call__(self, name: str) -> str:
        return f"hello {name}"


def test_a_plain_function_runs_beside_the_loop() -> None:
    async def main() -> bool:
        return await call(threading.get_ident) != threading.get_ident()

    assert asyncio.run(main())


def test_an_async_one_runs_on_it_also_where_it_is_an_object() -> None:
    assert is_async(Loader())
    assert asyncio.run(call(Loader(), "Ada")) == "hello Ada"


def test_what_a_plain_function_gives_to_be_awaited_is_awaited() -> None:
    def promised(name: str) -> object:
        return Loader()(name)

    assert asyncio.run(call(promised, "Ada")) == "hello Ada"
