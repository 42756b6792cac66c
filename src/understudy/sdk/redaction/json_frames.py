"""Where in a JSON document one is, and what is to be known of each object and list around."""

from __future__ import annotations

from understudy.core.redaction.paths import States
from understudy.core.redaction.rules import Deed

NAMING = frozenset(
    {"name", "key", "field", "label", "attribute", "property", "id", "column", "title", "code"}
    | {"k", "type", "kind", "path", "fieldname", "fieldkey", "attributename"}
)
"""Members whose text says what another member of the same object is."""
NAMED = frozenset(
    {
        "value",
        "values",
        "val",
        "content",
        "text",
        "data",
        "displayvalue",
        "old",
        "new",
        "from",
        "to",
        "v",
        "fieldvalue",
        "attributevalue",
        "stringvalue",
    }
)
"""Those other members."""


class Frame:
    """One object or list that is open. ``states`` are those of the paths that lead to it."""

    __slots__ = (
        "headers",
        "index",
        "is_object",
        "key",
        "named",
        "spans",
        "start",
        "states",
        "wants_key",
    )

    def __init__(self, start: int, states: States, *, is_object: bool) -> None:
        self.start = start
        self.states = states
        self.is_object = is_object
        self.wants_key = is_object
        self.key = ""
        self.index = 0
        # What an object says of its own value, and where such values stand; in a list, where its
        # parts do.
        self.named: Deed | None = None
        self.spans: list[tuple[int, int]] = []
        # The places of a list that name a column.
        self.headers: dict[int, Deed] = {}

    @property
    def place(self) -> str:
        """The name of the value that comes next."""
        return self.key if self.is_object else str(self.index)
