"""Who asks, as FastAPI's routes ask for it: dependencies to be put into their parameters.

::

    @app.post("/notes")
    def add_note(text: str, actor: Actor) -> None: ...

    @app.post("/password", dependencies=[NotWhileImpersonating], responses=REFUSED)
    def change_password() -> None: ...

They read what ``understudy.contrib.asgi.UnderstudyMiddleware`` has laid over the request.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends

from understudy.sdk.context import FORBIDDEN, Impersonation, current_impersonation
from understudy.sdk.forbidding import FORBIDDEN_MARK, refuse_while_impersonating
from understudy.sdk.values import Actor as WhoActs
from understudy.sdk.wording import refusal_text

__all__ = ["REFUSED", "Actor", "CurrentImpersonation", "NotWhileImpersonating"]


# Coroutines, as FastAPI sends whatever else through a thread, which costs more than all of this.
async def _current() -> Impersonation | None:
    return current_impersonation()


async def _actor() -> WhoActs | None:
    impersonation = current_impersonation()
    return impersonation.actor if impersonation is not None else None


async def _refuse() -> None:
    refuse_while_impersonating()


setattr(_refuse, FORBIDDEN_MARK, True)

CurrentImpersonation = Annotated[Impersonation | None, Depends(_current)]
"""The session that the request belongs to; None when users act for themselves."""

Actor = Annotated[WhoActs | None, Depends(_actor)]
"""The person who really asks; None when that is the user themself."""

NotWhileImpersonating = Depends(_refuse)
"""Keeps actors out, for ``dependencies=`` of a route, a router or an app; see ``REFUSED``."""

REFUSED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.FORBIDDEN.value: {
        "description": "Only the user themself may, and nobody who works as them.",
        "content": {
            "application/problem+json": {
                "schema": {
                    "title": "Problem",
                    "description": "RFC 9457, with a stable code.",
                    "type": "object",
                    "required": ["type", "title", "status", "detail", "code"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "code": {"type": "string"},
                    },
                },
                "example": {
                    "type": "about:blank",
                    "title": HTTPStatus.FORBIDDEN.phrase,
                    "status": HTTPStatus.FORBIDDEN.value,
                    "detail": refusal_text(FORBIDDEN),
                    "code": FORBIDDEN,
                },
            }
        },
    }
}
"""For ``responses=`` beside it, so that the OpenAPI document tells what actors get."""
