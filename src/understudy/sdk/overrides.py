"""By what a request may be taken for one of another method than it was sent with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from understudy.core.impersonation.restrictions import (
    OVERRIDDEN_BY_FORMS,
    OVERRIDE_FIELDS,
    OVERRIDE_HEADERS,
)

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, kw_only=True)
class MethodOverrides:
    """What of it the app's frameworks may understand; all that are known, unless said otherwise.

    ``headers`` and ``fields`` are in lower case, ``fields`` those of the query. A form's own fields
    are read by the app and not here: with ``forms`` whatever is posted as a form counts as each
    method that it could name, so that a blocked DELETE also blocks a form for the same path. An app
    none of whose frameworks reads a method out of a form can switch that off.
    """

    headers: frozenset[str] = frozenset(OVERRIDE_HEADERS)
    fields: frozenset[str] = frozenset(OVERRIDE_FIELDS)
    forms: bool = True

    def in_query(self, pairs: Iterable[tuple[str, str]]) -> list[str]:
        """The methods that the fields of a query name."""
        return [value for name, value in pairs if name.strip().lower() in self.fields]

    def in_form(self, method: str, content_type: str) -> tuple[str, ...]:
        """The methods that a body of ``content_type`` may name."""
        if not self.forms or method != "POST":
            return ()
        kind = content_type.partition(";")[0].strip().lower()
        return OVERRIDDEN_BY_FORMS if kind in _FORMS else ()


UNDERSTOOD = MethodOverrides()
