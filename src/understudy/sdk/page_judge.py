"""Whether a request comes from a page of whoever it would be carried out for."""

from __future__ import annotations

from understudy.sdk.unmarked import Unmarked

OF_ANOTHER = "page_of_another_session"
UNMARKED = "page_unmarked"
REPORT = "report_dropped"
PAGE_CODES = frozenset({OF_ANOTHER, UNMARKED})


def judge_page(
    mark: str | None, identity: str, unmarked: Unmarked, *, changes: bool, known: bool
) -> str | None:
    """Why a request goes no further, or None.

    ``mark`` is whose page it says to come from. ``identity`` is whom it would be carried out for:
    the public id of the session, or ``own``. ``changes`` where it may change something, by any
    method that it may be taken for, or is a live connection. ``known`` while the browser has, or
    had lately, a session: before that there are no pages of anybody else.
    """
    if mark is not None:
        return None if mark == identity else OF_ANOTHER
    if not known or unmarked is Unmarked.PASSES:
        return None
    if unmarked is Unmarked.ASKS_FIRST:
        return UNMARKED
    if not changes:
        return None
    return REPORT if unmarked is Unmarked.REPORT else UNMARKED
