"""Whether what is asked for comes from a page of the browser's own owner, outside any session."""

from __future__ import annotations

from understudy.errors import Refused
from understudy.sdk.browser_sessions import holds_overlay
from understudy.sdk.context import current_impersonation
from understudy.sdk.epoch import is_known
from understudy.sdk.page_judge import judge_page
from understudy.sdk.page_marks import HEADER, OWN, one_of, split_query
from understudy.sdk.unmarked import Unmarked
from understudy.sdk.visit import Visit
from understudy.sdk.wording import refusal_text


def require_no_session(visit: Visit, *, rule: str) -> None:
    """Return only in a browser without a session, be it one that is over.

    :raises Refused: by ``rule``.
    """
    if visit.at_session_origin or holds_overlay(visit) or current_impersonation() is not None:
        raise Refused(refusal_text(rule), rule=rule)


def require_own_page(visit: Visit, *, rule: str) -> None:
    """Return only in a browser without a session, on a page that is its owner's.

    :raises Refused: a page of a subject asks, or may do so; by ``rule`` where there is a session.
    """
    require_no_session(visit, rule=rule)
    mark, known = _mark_of(visit), is_known(visit.cookie)
    code = judge_page(mark, OWN, Unmarked.BY_METHOD, changes=True, known=known)
    if code is not None:
        raise Refused(refusal_text(code), rule=code)


def _mark_of(visit: Visit) -> str | None:
    """The mark of the page that asks, in the address or in the header that stands for it."""
    told = (split_query(visit.query.encode("latin-1"))[1], visit.header(HEADER.decode()))
    return one_of(mark.encode("latin-1") for mark in told if mark is not None)
