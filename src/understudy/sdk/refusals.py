"""Refusals as people and programs get them: a page that explains, or a problem with a code."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from understudy.core.impersonation.restrictions import SAFE_METHODS
from understudy.sdk import pages
from understudy.sdk.cache import Ended
from understudy.sdk.cookies import OVERLAY, clear_cookie
from understudy.sdk.guard import Refuse
from understudy.sdk.routes import Routes
from understudy.sdk.staying import ending_facts
from understudy.sdk.visit import Answer, problem, wants_page
from understudy.sdk.wording import cause_text, refusal_text


def refusal_answer(
    refuse: Refuse,
    routes: Routes,
    *,
    method: str,
    headers: Mapping[str, str],
    base: str,
    now: float,
) -> Answer:
    """What the browser gets in place of the app's answer. ``headers`` are in lower case."""
    page = wants_page(headers)
    if refuse.ended is not None:
        undone = method not in SAFE_METHODS
        answer = _ended(refuse, refuse.ended, routes, undone=undone, page=page, base=base)
        # Only where a person reads that the session is over: a page in the background, losing the
        # cookie unseen, would go on as the agent.
        seen = page and headers.get("sec-fetch-dest", "document") == "document"
        return answer.with_headers(("set-cookie", clear_cookie(OVERLAY))) if seen else answer
    answer = _refused(refuse, routes, page=page, base=base, now=now)
    if refuse.status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer = answer.with_headers(("retry-after", "1"))
    return answer.with_headers(("understudy-impersonation", "1")) if refuse.held else answer


def _ended(
    refuse: Refuse, ended: Ended, routes: Routes, *, undone: bool, page: bool, base: str
) -> Answer:
    if page:
        home = base + routes.home
        return pages.ended_page(ended, undone=undone, home=home, dashboard=routes.dashboard)
    facts = ending_facts(ended)
    return problem(refuse.status, refuse.code, cause_text(ended.cause), cause=facts["cause"])


def _refused(refuse: Refuse, routes: Routes, *, page: bool, base: str, now: float) -> Answer:
    detail = refusal_text(refuse.code, refuse.label)
    if not page:
        return problem(refuse.status, refuse.code, detail)
    held = refuse.held
    banner = b""
    if held is not None:
        kept = held.banner(routes.links(base))
        banner = kept.render(server_now=held.server_time(now), nonce=None)
    return pages.refused_page(
        refuse.status,
        detail,
        home=base + routes.home,
        session=held.session if held else None,
        banner=banner,
    )
