"""What a handler may answer beyond a plain struct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A struct (or nothing, for 204) with headers of its own, and ``Set-Cookie`` values.

    ``status`` is given where it is not the first of those that the endpoint answers.
    """

    answer: msgspec.Struct | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[str] = ()
    status: int | None = None
