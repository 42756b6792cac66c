"""A browser without a screen, at an app in this process or at one that runs elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

ORIGIN = "https://testserver"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A request that an attack makes; ``form`` is sent as one."""

    method: str
    path: str
    form: Mapping[str, str] | None = None
    json: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class AttackBrowser:
    """Keeps cookies. ``own`` is sent as by a page of the app, ``foreign`` as by another site's.

    ``app`` is called in this process, or is the address of one that runs, in whatever language.
    """

    def __init__(self, app: Any, *, asgi: bool) -> None:  # noqa: ANN401 - any ASGI or WSGI app
        transport: httpx.BaseTransport
        self.origin = ORIGIN
        if isinstance(app, str):
            self.origin, transport = app.rstrip("/"), _Running(app)
        else:
            transport = _Waiting(app) if asgi else httpx.WSGITransport(app=app)
        # Always under https, as browsers send Secure cookies to loopback addresses as well.
        base = httpx.URL(self.origin).copy_with(scheme="https")
        self._client = httpx.Client(transport=transport, base_url=base)

    def own(self, sending: Sending, headers: Mapping[str, str]) -> httpx.Response:
        """Send it from a page of the app, with what such pages add."""
        return self._send(
            sending, {"origin": self.origin, "sec-fetch-site": "same-origin", **headers}
        )

    def foreign(self, sending: Sending) -> httpx.Response:
        """Have a page of another site send it: with the cookies, and nothing that it can know."""
        elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
        return self._send(sending, elsewhere)

    def open(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Go to an address, as a person does."""
        navigation = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        going = {"accept": "text/html", "sec-fetch-site": "none", **navigation, **(headers or {})}
        return self._send(Sending(method="GET", path=path), going)

    def cookies(self) -> dict[str, str]:
        """What it holds by now."""
        return {one.name: one.value or "" for one in self._client.cookies.jar}

    def plant(self, name: str, value: str) -> None:
        """Put this under the name of a cookie, in place of what it has."""
        held = [one for one in self._client.cookies.jar if one.name == name]
        for one in held:
            one.value = value
        if not held:
            self._client.cookies.set(name, value)

    def _send(self, sending: Sending, headers: Mapping[str, str]) -> httpx.Response:
        return self._client.request(
            sending.method,
            sending.path,
            data=sending.form,
            json=sending.json,
            headers={**headers, **sending.headers},
        )


class _Running(httpx.BaseTransport):
    """An app that listens at an address."""

    def __init__(self, address: str) -> None:
        self._scheme = httpx.URL(address).scheme
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer."""
        request.url = request.url.copy_with(scheme=self._scheme)
        answer = self._inner.handle_request(request)
        answer.read()
        return answer


class _Waiting(httpx.BaseTransport):
    """An ASGI app for those who wait; each request in a loop of its own."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - any ASGI app
        self._inner = httpx.ASGITransport(app=app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer."""
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        body = httpx.ByteStream(request.read())
        asked = httpx.Request(request.method, request.url, headers=request.headers, stream=body)
        answer = await self._inner.handle_async_request(asked)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)
