"""What is known of a request before anybody looked at who makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, overload

from starlette.responses import Response
from starlette.types import Scope

from understudy.errors import UnderstudyError

T = TypeVar("T")
_KEY = "understudy.incoming"


class Headers(Mapping[str, str]):
    """Request headers by lower-case name; several of one name are joined by a comma.

    Cookies are joined by a semicolon, as HTTP/2 splits them (RFC 9113, section 8.2.3).
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        found: dict[bytes, bytes] = {}
        for name, value in raw:
            if name in found:
                found[name] += (b"; " if name == b"cookie" else b", ") + value
            else:
                found[name] = value
        self._raw = {name.decode("latin-1"): value for name, value in found.items()}

    def __getitem__(self, name: str) -> str:
        return self._raw[name].decode("latin-1")

    def __contains__(self, name: object) -> bool:
        # Neither this nor ``get`` by way of an exception, as `Mapping` has it: each request asks
        # a dozen times for what is not there.
        return name in self._raw

    @overload
    def get(self, name: str, default: None = None, /) -> str | None: ...
    @overload
    def get(self, name: str, default: str | T, /) -> str | T: ...
    def get(self, name: str, default: object = None, /) -> object:
        """The header, or ``default`` where there is none."""
        value = self._raw.get(name)
        return default if value is None else value.decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


@dataclass(kw_only=True, slots=True)
class Incoming:
    """One request on its way through the service; ``route`` and ``caller`` are noted as they
    become known, for access log and metrics, and ``shape``, in which its errors are answered.

    ``base`` is the path at which the service is mounted, and ``scope`` holds what whoever mounts it
    has put beside the request.
    """

    request_id: str
    address: str | None
    headers: Headers
    base: str = ""
    route: str = ""
    caller: str = ""
    shape: Shape | None = None
    scope: Scope = field(default_factory=dict, repr=False)

    def attach(self, scope: Scope) -> None:
        """Let everybody further in find it."""
        scope[_KEY] = self


def incoming(scope: Scope) -> Incoming:
    """The request of ``scope``, as the rim noted it."""
    found: Incoming = scope[_KEY]
    return found


Shape = Callable[[UnderstudyError, Incoming], Response]
"""How a protocol spells errors. None stands for problem documents (RFC 9457)."""
