"""An application's name and whatever its settings say is text, whichever door it came through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.core.applications.application import Application, ApplicationSettings
from understudy.core.text import require_text

_PROSE = "description"


def require_application_text(
    name: str, settings: ApplicationSettings, before: Application | None = None
) -> None:
    """Return only if whatever differs from ``before`` is text; a description may have lines.

    :raises InvalidInput: naming the first field that is not.
    """
    if before is None or name != before.name:
        require_text(name, "name")
    known = set(_texts(before.settings)) if before is not None else set()
    for field, text in _texts(settings):
        if (field, text) not in known:
            require_text(text, f"settings.{field}", lines=field.endswith(_PROSE))


def _texts(settings: ApplicationSettings) -> Iterator[tuple[str, str]]:
    for action in settings.blocked_actions:
        yield "blocked_actions.label", action.label
        yield "blocked_actions.pattern", action.pattern
    for rule in settings.redaction.rules:
        yield "redaction.rules", rule.match
    for pattern in settings.redaction.open_routes:
        yield "redaction.open_routes", pattern
    for pattern in settings.deny_packs.excepted:
        yield "deny_packs.excepted", pattern
    for role in settings.role_ranks:
        yield "role_ranks", role
    for organization_id in settings.consent.organizations:
        yield "consent.organizations", organization_id
    if settings.consent.shown_as is not None:
        yield "consent.shown_as", settings.consent.shown_as
    for part in settings.wires.values():
        yield from _within(part, "")


def _within(value: Any, field: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _within(member, f"{field}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _within(member, field)
