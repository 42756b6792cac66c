"""Which requests go on, by whose page they come from. Clause by clause."""

from __future__ import annotations

import pytest

from understudy.sdk.page_judge import OF_ANOTHER, REPORT, UNMARKED, judge_page
from understudy.sdk.page_marks import OWN, WRONG
from understudy.sdk.unmarked import Unmarked


def judged(
    mark: str | None,
    identity: str = OWN,
    unmarked: Unmarked = Unmarked.BY_METHOD,
    *,
    changes: bool = True,
    known: bool = True,
) -> str | None:
    return judge_page(mark, identity, unmarked, changes=changes, known=known)


@pytest.mark.parametrize("identity", ["ses_1", OWN])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("changes", [True, False])
def test_a_page_acts_for_its_own_identity(identity: str, known: bool, changes: bool) -> None:
    assert judged(identity, identity, known=known, changes=changes) is None


@pytest.mark.parametrize("mark", ["ses_2", OWN, WRONG])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("changes", [True, False])
@pytest.mark.parametrize("unmarked", Unmarked)
def test_and_for_no_other_whatever_it_asks_and_whatever_cookies_are_there(
    mark: str, known: bool, changes: bool, unmarked: Unmarked
) -> None:
    assert judged(mark, "ses_1", unmarked, known=known, changes=changes) == OF_ANOTHER
    if mark != OWN:
        assert judged(mark, OWN, unmarked, known=known, changes=changes) == OF_ANOTHER


def test_what_may_change_something_needs_a_mark_while_the_browser_is_known() -> None:
    assert judged(None) == UNMARKED
    assert judged(None, "ses_1") == UNMARKED
    assert judged(None, known=False) is None
    assert judged(None, changes=False) is None


def test_paths_that_pass_need_none() -> None:
    assert judged(None, unmarked=Unmarked.PASSES) is None


def test_reading_that_changes_something_asks_first() -> None:
    assert judged(None, unmarked=Unmarked.ASKS_FIRST, changes=False) == UNMARKED
    assert judged(None, unmarked=Unmarked.ASKS_FIRST, changes=False, known=False) is None


def test_a_browsers_own_reports_go_nowhere() -> None:
    assert judged(None, unmarked=Unmarked.REPORT) == REPORT
    assert judged(None, unmarked=Unmarked.REPORT, known=False) is None
