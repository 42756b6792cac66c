"""Which forms are read for the page that says that nothing came of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.browser import PAGE
from understudy.sdk.guard import Asked
from understudy.sdk.passage.given_back import given_back
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import ReadBody
from understudy.sdk.typed_text import Field

PERSON = {name.lower(): value for name, value in PAGE.items()}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def reading(headers: dict[str, str], method: str = "POST", *, socket: bool = False) -> Any:
    asked = Asked(b"", (method,), ("/",), socket=socket)
    return given_back(Request(asked, method, "/", "", "https://app.example", headers, None))


def test_a_persons_form_is_read_up_to_the_bound() -> None:
    steps = reading(PERSON | FORM)
    assert next(steps) == ReadBody(65_536)
    with pytest.raises(StopIteration) as end:
        steps.send(b"text=Dear+Ada&password=geheim")
    assert end.value.value == [Field("text", "Dear Ada")]


@pytest.mark.parametrize(
    "steps",
    [
        reading(FORM),
        reading(PERSON),
        reading({**PERSON, "content-type": "application/json"}),
        reading({**PERSON, **FORM, "sec-fetch-dest": "empty"}),
        reading(PERSON | FORM, "GET"),
        reading(PERSON | FORM, "WEBSOCKET", socket=True),
    ],
)
def test_nothing_else_is_read(steps: Any) -> None:
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == []
