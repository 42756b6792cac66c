"""The page for a person whose request came from somebody else's page."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest

from tests.fixtures.browser import PAGE
from understudy.sdk.cache import Held
from understudy.sdk.guard import UNAVAILABLE, Asked, Refuse
from understudy.sdk.page_judge import OF_ANOTHER, UNMARKED
from understudy.sdk.passage.mismatch import is_mismatch, mismatch_answer
from understudy.sdk.passage.request import Request
from understudy.sdk.routes import Routes
from understudy.sdk.secret import Secret
from understudy.sdk.typed_text import Field
from understudy.sdk.understudy import Understudy
from understudy.testing import FakeGateway, FakeSession

PERSON = {name.lower(): value for name, value in PAGE.items()}


class Desk:
    """A process that has served sessions."""

    def __init__(self) -> None:
        self.gateway = FakeGateway()
        self.understudy: Understudy = self.gateway.understudy()
        self.routes = Routes(self.understudy, home="/home")

    def served(self, session: FakeSession) -> Held:
        held = self.understudy.runtime().sessions.refresh(Secret(session.token))
        assert isinstance(held, Held)
        return held

    def told(self, request: Request, refuse: Refuse, *typed: Field) -> str:
        runtime = self.understudy.runtime()
        answer = mismatch_answer(request, refuse, self.routes, runtime, typed)
        assert answer.status == 409
        assert "set-cookie" not in dict(answer.headers)
        return answer.body.decode()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.understudy.close()


def asked(
    method: str = "GET",
    headers: dict[str, str] = PERSON,
    *,
    mark: str | None = None,
    socket: bool = False,
) -> Request:
    said = Asked(b"", (method,), ("/a",), socket=socket, mark=mark)
    return Request(said, method, "/a", "", "https://app.example", headers, None, "b=c")


def refused(code: str = OF_ANOTHER, held: Held | None = None) -> Refuse:
    return Refuse(HTTPStatus.CONFLICT, code, held=held)


def test_it_is_for_people_and_for_marks_alone() -> None:
    assert is_mismatch(asked(), refused())
    assert is_mismatch(asked(), refused(UNMARKED))
    assert not is_mismatch(asked(headers={}), refused())
    assert not is_mismatch(asked(socket=True), refused())
    assert not is_mismatch(asked(), UNAVAILABLE)


def test_it_says_whose_page_it_was_and_whose_the_browser_is_now(desk: Desk) -> None:
    ada, bob = (desk.gateway.open(subject_name=name) for name in ("Ada", "Bob"))
    desk.served(ada)
    request = asked("POST", mark=ada.id)
    page = desk.told(request, refused(held=desk.served(bob)), Field("text", "Dear Ada"))
    assert "opened <b>as Ada</b>" in page
    assert "now works as <b>Bob</b>" in page
    assert "Dear Ada</textarea>" in page


def test_whom_somebody_else_works_as_is_told_to_nobody(desk: Desk) -> None:
    theirs = desk.gateway.open(actor_id="opr_other", subject_name="Secret")
    desk.served(theirs)
    mine = desk.served(desk.gateway.open())
    for held in (mine, None):
        page = desk.told(asked(mark=theirs.id), refused(held=held))
        assert "opened <b>in another session</b>" in page
        assert "Secret" not in page


def test_a_page_leads_to_what_it_asked_for_and_a_form_is_not_sent_again(desk: Desk) -> None:
    assert 'href="/a?b=c">Open it as yourself</a>' in desk.told(asked(mark="ses_x"), refused())
    assert "Open it as" not in desk.told(asked("POST", mark="ses_x"), refused())


def test_reading_that_changes_something_says_first_for_whom(desk: Desk) -> None:
    held = desk.served(desk.gateway.open(subject_name="Ada"))
    page = desk.told(asked(), refused(UNMARKED, held))
    assert "It will be done for <b>Ada</b>" in page
    assert f'href="/a?b=c&amp;_understudy_page={held.session.id}"' in page
    mine = desk.told(asked(), refused(UNMARKED))
    assert 'href="/a?b=c&amp;_understudy_page=own"' in mine
