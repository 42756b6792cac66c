"""Responses of Django's, and the SDK's answers as such."""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Iterator
from http.cookies import Morsel

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from understudy.sdk.headers import RawHeaders
from understudy.sdk.visit import Answer


class SaidCookie(Morsel[str]):
    """A cookie that goes out to the letter as ``line`` has it."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self._line = line
        pair, *attributes = line.split(";")
        name, _, value = pair.strip().partition("=")
        # Told apart for whoever looks, such as Django's test client; only the line goes out.
        self.set(name, value, value)
        for attribute in attributes:
            key, separator, said = attribute.strip().partition("=")
            if self.isReservedKey(key):
                self[key] = said if separator else "true"

    def OutputString(self, attrs: Container[str] | None = None) -> str:
        """The line."""
        return self._line

    def output(
        self, attrs: Container[str] | None = None, header: str = "Set-Cookie:", sep: str = ""
    ) -> str:
        """The line behind ``header``."""
        # Without a header there is none to be parted from.
        return f"{header} {self._line}" if header else self._line


def raw_headers(response: HttpResponseBase) -> RawHeaders:
    """All headers of ``response``, its cookies among them."""
    told = [(_bytes(name), _bytes(value)) for name, value in response.items()]
    cookies = (cookie.OutputString() for cookie in response.cookies.values())
    return [*told, *((b"Set-Cookie", _bytes(cookie)) for cookie in cookies)]


def put_headers(response: HttpResponseBase, headers: RawHeaders) -> None:
    """Let ``response`` go out with ``headers`` alone."""
    wanted: dict[str, str] = {}
    response.cookies.clear()
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "set-cookie":
            cookie = SaidCookie(value)
            # Two of one name may differ by their path, and both go out.
            key = cookie.key if cookie.key not in response.cookies else value
            dict.__setitem__(response.cookies, key, cookie)
        else:
            wanted[name] = f"{wanted[name]}, {value}" if name in wanted else value
    # What stays as it is stays alone: Django looks through each header that it is given.
    for name, value in list(response.items()):
        if wanted.get(name.lower()) == value:
            del wanted[name.lower()]
        else:
            del response[name]
    for name, value in wanted.items():
        response[name] = value


def response_of(answer: Answer, request: HttpRequest) -> HttpResponse:
    """``answer`` in place of the app's."""
    response = HttpResponse(b"" if request.method == "HEAD" else answer.body, status=answer.status)
    put_headers(response, _headers(answer))
    return response


def failure_of(
    answer: Answer, fault: Exception, request: HttpRequest, *, is_async: bool
) -> StreamingHttpResponse:
    """``answer``, and behind it ``fault``, for the server to know of."""

    def parts() -> Iterator[bytes]:
        yield b"" if request.method == "HEAD" else answer.body
        # Under ASGI Django leaves what the browser has sent open behind an error.
        request.close()
        raise fault

    async def async_parts() -> AsyncIterator[bytes]:
        for part in parts():
            yield part

    body = async_parts() if is_async else parts()
    response = StreamingHttpResponse(body, status=answer.status)
    put_headers(response, _headers(answer))
    return response


def _headers(answer: Answer) -> RawHeaders:
    return [(_bytes(name), _bytes(value)) for name, value in answer.all_headers()]


def _bytes(value: str) -> bytes:
    return value.encode("latin-1")
