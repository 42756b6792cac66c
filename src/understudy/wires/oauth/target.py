"""What a token is asked for: an audience, resources and scopes (RFC 8707, RFC 8693 section 2.1)."""

from __future__ import annotations

from urllib.parse import urlsplit

from understudy.core.applications.application import Application
from understudy.core.impersonation.restrictions import Scope
from understudy.wires.oauth.errors import ErrorCode, OAuthProblem
from understudy.wires.oauth.token import Asked


def problem_with_target(asked: Asked, application: Application) -> OAuthProblem | None:
    """A session is for its own application alone: by its id, or where its redirect URLs are."""
    places = {_origin(url) for url in application.settings.redirect_urls}
    unknown = any(audience != application.id for audience in asked.audience)
    if unknown or any(resource.removesuffix("/") not in places for resource in asked.resource):
        return OAuthProblem(
            error=ErrorCode.INVALID_TARGET,
            description=(
                "A token is for this application alone: its id as the audience, or the origin of "
                "one of its redirect URLs as the resource."
            ),
        )
    return None


def problem_with_scope(asked: Asked) -> OAuthProblem | None:
    """Scopes that nothing here has."""
    return None if scopes(asked) <= {scope.value for scope in Scope} else _invalid_scope()


def beyond(asked: Asked, scope: Scope) -> OAuthProblem | None:
    """A problem when another scope is asked for than what is there: nothing widens it, and what is
    narrower is the grant's to be asked for (RFC 6749, section 3.3).
    """
    return None if scopes(asked) <= {scope.value} else _invalid_scope()


def scopes(asked: Asked) -> set[str]:
    """The scopes that were asked for; none means whatever there is."""
    return set((asked.scope or "").split(" ")) - {""}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _invalid_scope() -> OAuthProblem:
    return OAuthProblem(
        error=ErrorCode.INVALID_SCOPE,
        description="The scope is not that of the grant. Leave it out to get what was granted.",
    )
