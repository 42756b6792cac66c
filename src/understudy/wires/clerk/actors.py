"""The actor as these clients know it: an object whose ``sub`` is the only part that is required."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.core.impersonation.grants import Grant
from understudy.core.people.principals import ActorKind

NOT_GIVEN = "not given (Clerk API)"
"""The reason where the actor has none; the entry says that nobody gave one (DESIGN rule 3)."""
_CLI = "cli:"


def reason_of(claims: Mapping[str, Any], *, least: int) -> tuple[str, bool]:
    """The reason, and whether somebody gave one that the application takes for a reason.

    A short text, such as a ticket's number, is kept behind the words that nobody gave a reason:
    refusing it would be stricter than taking none. An application that asks for more characters
    than those words have wants a reason in any case.
    """
    given = claims.get("reason")
    text = given.strip() if isinstance(given, str) else ""
    if len(text) >= least or least > len(NOT_GIVEN):
        return text or NOT_GIVEN, bool(text)
    return (f"{NOT_GIVEN}: {text}" if text else NOT_GIVEN), False


def ticket_of(claims: Mapping[str, Any]) -> str | None:
    """The ticket, for which these clients have no place of its own either."""
    given = claims.get("ticket")
    return given if isinstance(given, str) else None


def email_of(claims: Mapping[str, Any]) -> str | None:
    """The actor's e-mail address: named as such, or in the place of an id, as the CLI does it.

    Looked for so that an operator's address is found wherever it stands (DESIGN rule 10).
    """
    named = claims.get("email")
    if isinstance(named, str) and named:
        return named
    sub = str(claims["sub"]).removeprefix(_CLI)
    return sub if "@" in sub else None


def name_of(claims: Mapping[str, Any]) -> str | None:
    """The actor's name, where one was given."""
    named = claims.get("name")
    return named if isinstance(named, str) and named else None


def act_of(grant: Grant, *, issuer: str) -> dict[str, Any]:
    """The ``act`` of a grant: as it was given, or for others by RFC 8693, section 4.1."""
    if grant.actor_as_given is not None:
        return dict(grant.actor_as_given)
    if grant.actor.kind is ActorKind.OPERATOR:
        return {"iss": issuer, "sub": grant.actor.id}
    return {"sub": grant.actor.id}
