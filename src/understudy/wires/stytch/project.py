"""An application as a project: its public token, and where a launch with a token leads."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from understudy.core.applications.application import Vertical

_PUBLIC = "public-token-"
_TOKEN_TYPES = {
    Vertical.B2B: "multi_tenant_impersonation",
    Vertical.CONSUMER: "impersonation",
}


def public_token(application_id: str) -> str:
    """What names the application in a page of its own; no secret."""
    return _PUBLIC + application_id


def application_of(token: str) -> str | None:
    """The id of the application that a public token names, whether there is one or not."""
    return token.removeprefix(_PUBLIC) if token.startswith(_PUBLIC) else None


def launch_url(redirect_url: str, vertical: Vertical, token: str) -> str:
    """``redirect_url`` with the token in its query, beside whatever is there already."""
    parts = urlsplit(redirect_url)
    given = urlencode({"stytch_token_type": _TOKEN_TYPES[vertical], "token": token})
    query = f"{parts.query}&{given}" if parts.query else given
    return urlunsplit(parts._replace(query=query))
