"""The page for a person whose request came from somebody else's page, and was not carried out."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.sdk import pages
from understudy.sdk.cache import Held
from understudy.sdk.guard import Refuse
from understudy.sdk.page_judge import PAGE_CODES, UNMARKED
from understudy.sdk.page_marks import OWN, marked
from understudy.sdk.passage.request import Request
from understudy.sdk.routes import Routes
from understudy.sdk.runtime import Runtime
from understudy.sdk.typed_text import Field
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Answer, wants_page
from understudy.sdk.wording import page_text, subject_text


def is_mismatch(request: Request, refuse: Refuse) -> bool:
    """True where a person is told so; programs get a problem with the code."""
    socket = request.asked.socket
    return refuse.code in PAGE_CODES and not socket and wants_page(request.headers)


def mismatch_answer(
    request: Request, refuse: Refuse, routes: Routes, runtime: Runtime, typed: Iterable[Field]
) -> Answer:
    """The answer; ``typed`` is given back. It changes no cookie."""
    held, home = refuse.held, request.base + routes.home
    who = subject_text(held.session) if held is not None else "yourself"
    if refuse.code == UNMARKED and request.asked.only_reads:
        identity = held.session.id if held is not None else OWN
        return pages.for_whom_page(who, address=marked(request.target, identity), home=home)
    answer = pages.mismatch_page(
        who,
        _whose(request, refuse, runtime),
        typed=typed,
        again=request.target if request.asked.only_reads else None,
        home=home,
    )
    return answer.with_headers(("understudy-impersonation", "1")) if held is not None else answer


def _whose(request: Request, refuse: Refuse, runtime: Runtime) -> str | None:
    if refuse.code == UNMARKED:
        return None
    mark = request.asked.mark
    session = runtime.cache.session_of(mark) if mark else None
    return page_text(mark, session if _is_told(session, refuse.held) else None)


def _is_told(session: ActiveSession | None, held: Held | None) -> bool:
    # Marks can be made up: whom somebody else worked as is told to nobody.
    if session is None or held is None:
        return False
    return session.actor.id == held.session.actor.id
