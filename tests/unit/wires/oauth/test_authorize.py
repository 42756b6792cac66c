from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.engine import START
from understudy.core.applications.application import Application, ApplicationSettings, Vertical
from understudy.core.ids import GrantId
from understudy.core.impersonation.grants import Grant
from understudy.core.people.principals import Status
from understudy.core.ports import Reader
from understudy.wires.oauth.authorize import Code, Request, SentBack, Unredirectable, location, read
from understudy.wires.oauth.errors import ErrorCode

REGISTERED = "https://app.example/callback"
APPLICATION = Application(
    id="app_1",
    name="App",
    vertical=Vertical.B2B,
    status=Status.ACTIVE,
    settings=ApplicationSettings(redirect_urls=(REGISTERED,)),
    secret_hash=b"",
    created_at=START,
    updated_at=START,
)
VALID = {
    "client_id": "app_1",
    "redirect_uri": REGISTERED,
    "response_type": "code",
    "code_challenge": "c" * 43,
    "code_challenge_method": "S256",
    "login_hint": "grt_1",
    "state": "s",
}


@dataclass
class OneApplication:
    """The part of a reader that is looked at."""

    application: Application = APPLICATION

    @property
    def applications(self) -> OneApplication:
        """Its only application, by id."""
        return self

    def get(self, application_id: str) -> Application | None:
        """The application, if it has that id."""
        return self.application if application_id == self.application.id else None

    @property
    def grants(self) -> Mapping[str, Grant]:
        """None: the address is judged by what is registered."""
        return {}


def reading(**changes: str) -> Request | SentBack | Unredirectable:
    return reading_for(APPLICATION, VALID | changes)


def reading_for(
    application: Application, parameters: dict[str, str]
) -> Request | SentBack | Unredirectable:
    reader: Reader = OneApplication(application)  # type: ignore[assignment]
    return read(reader, list(parameters.items()))


def test_a_valid_request_is_read() -> None:
    assert reading(scope="anything") == Request(
        client_id="app_1",
        redirect_uri=REGISTERED,
        state="s",
        code_challenge="c" * 43,
        grant_id=GrantId("grt_1"),
    )


@given(st.text(max_size=60))
def test_only_the_registered_address_to_the_letter_is_redirected_to(address: str) -> None:
    result = reading(redirect_uri=address)
    assert isinstance(result, Unredirectable) or address == REGISTERED


@pytest.mark.parametrize(
    "after",
    [".evil", ".evil.example/", "/", "/../x", "/x", "?x=1", "#x", "%2e", ";x", "\\@evil.example"],
)
def test_an_address_that_only_begins_with_the_registered_one_is_not_redirected_to(
    after: str,
) -> None:
    assert isinstance(reading(redirect_uri=REGISTERED + after), Unredirectable)
    assert isinstance(reading(redirect_uri=REGISTERED[:-1]), Unredirectable)


def test_a_disabled_application_is_not_known() -> None:
    disabled = replace(APPLICATION, status=Status.DISABLED)
    assert isinstance(reading_for(disabled, VALID), Unredirectable)


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state"])
def test_with_two_of_these_nobody_knows_where_to_go(name: str) -> None:
    reader: Reader = OneApplication()  # type: ignore[assignment]
    assert isinstance(read(reader, [*VALID.items(), (name, VALID[name])]), Unredirectable)


@pytest.mark.parametrize("name", ["client_id", "login_hint", "state"])
def test_what_no_database_can_look_up_leads_nowhere(name: str) -> None:
    assert isinstance(reading(**{name: "grt_\0"}), Unredirectable)


@pytest.mark.parametrize("challenge", ["c" * 42, "c" * 44, "c" * 42 + "=", "c" * 42 + "+", ""])
def test_a_challenge_is_a_sha256_in_base64url(challenge: str) -> None:
    result = reading(code_challenge=challenge)
    assert isinstance(result, SentBack)
    assert result.error is ErrorCode.INVALID_REQUEST


def test_a_state_has_its_limit() -> None:
    assert isinstance(reading(state="s" * 1000), Request)
    assert isinstance(reading(state="s" * 1001), SentBack)


def test_the_address_of_the_answer_keeps_the_clients_own_query() -> None:
    code = Code(redirect_uri="https://app.example/cb?tenant=1", state="a&b", code="usi_1")
    url = urlsplit(location(code, issuer="https://u.example"))
    assert parse_qs(url.query) == {
        "tenant": ["1"],
        "code": ["usi_1"],
        "state": ["a&b"],
        "iss": ["https://u.example"],
    }
    assert "usi_1" not in repr(code)


def test_no_state_is_made_up() -> None:
    back = SentBack(
        redirect_uri=REGISTERED, state=None, error=ErrorCode.ACCESS_DENIED, description="No."
    )
    url = urlsplit(location(back, issuer="https://u.example"))
    assert parse_qs(url.query) == {
        "error": ["access_denied"],
        "error_description": ["No."],
        "iss": ["https://u.example"],
    }
