"""How an actor asks to see what a rule hides: on a page of the SDK's own, or by a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.unit.sdk.visiting import OWN_FORM, PERSON, App, body, header
from understudy.core.redaction.lifted import MOST_REVEALS, Lifted
from understudy.core.redaction.rules import NOTHING_HIDDEN, Redaction, RedactionRule, RuleKind
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.secret import Secret
from understudy.sdk.visit import Answer
from understudy.testing import FakeSession

REASON = "The customer reads it out"
SCRIPT = (("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "empty"))
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
RULES = Redaction(
    secrets=True,
    rules=(
        RedactionRule(kind=RuleKind.FIELD, match="iban", revealable=True),
        RedactionRule(kind=RuleKind.DETECTOR, match="national_id_de", revealable=True),
        RedactionRule(kind=RuleKind.FIELD, match="tax_id"),
    ),
)
ASKED = {"field": "field iban", "path": "/customers/7", "reason": REASON}
LIFTED = Lifted(kind="field", match="iban", path="/customers/7")


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    yield app
    app.understudy.close()


@pytest.fixture
def session(app: App) -> FakeSession:
    return app.gateway.open(redaction=RULES)


def offered(
    app: App, session: FakeSession | None, *headers: tuple[str, str], **asked: str
) -> Answer:
    cookie = f"{OVERLAY}={session.token}" if session else None
    return app.visit("GET", "/_understudy/reveal", *PERSON, *headers, cookie=cookie, **asked)  # type: ignore[arg-type]


def ask(
    app: App,
    session: FakeSession | None,
    *headers: tuple[str, str],
    sent: bytes = json.dumps(ASKED).encode(),
    kind: str = JSON,
    query: str = "",
    base: str = "",
) -> Answer:
    return app.visit(
        "POST",
        "/_understudy/reveal",
        *(headers or SCRIPT),
        ("content-type", kind),
        cookie=f"{OVERLAY}={session.token}" if session else None,
        body=sent,
        query=query,
        base=base,
    )


def form(**more: str) -> bytes:
    return urlencode({**ASKED, **more}).encode()


def test_the_page_offers_what_may_be_shown_at_the_page_that_was_left(
    app: App, session: FakeSession
) -> None:
    answer = offered(app, session, ("referer", "https://app.test/customers/7?tab=2"))
    page = answer.body.decode()
    assert answer.status == 200
    assert '<option value="field iban">the field iban</option>' in page
    assert (
        '<option value="detector national_id_de">what looks like: national id de</option>' in page
    )
    assert "tax_id" not in page
    assert 'value="/customers/7"></label>' in page
    assert 'name="back" value="/customers/7?tab=2"' in page
    assert f'action="/_understudy/reveal?_understudy_page={session.id}"' in page
    assert header(answer, "referrer-policy") == "same-origin"


def test_what_was_hidden_elsewhere_is_likelier_than_a_page_where_nothing_was(
    app: App, session: FakeSession
) -> None:
    held = app.understudy.runtime().sessions.refresh(Secret(session.token))
    held.hidden_at.add("/api/customers/7")  # type: ignore[union-attr]
    page = offered(app, session, ("referer", "https://app.test/customers/7")).body.decode()
    assert 'value="/api/customers/7"></label>' in page
    assert '<option value="/customers/7"></option>' in page


def test_where_nothing_may_be_shown_the_page_says_so(app: App) -> None:
    for rules in (NOTHING_HIDDEN, Redaction(rules=RULES.rules[2:])):
        page = offered(app, app.gateway.open(redaction=rules)).body.decode()
        assert "may not be shown to anybody" in page
        assert "<form" not in page


def test_a_person_is_led_back_to_where_they_came_from(app: App, session: FakeSession) -> None:
    query = f"_understudy_page={session.id}"
    answer = ask(
        app, session, *OWN_FORM, sent=form(back="/customers/7?tab=2"), kind=FORM, query=query
    )
    assert (answer.status, header(answer, "location")) == (303, "/customers/7?tab=2")
    assert app.gateway.revealed(session.id) == [(LIFTED, REASON)]
    page = offered(app, session).body.decode()
    assert "<li>the field iban at /customers/7, until " in page


def test_nobody_is_led_to_another_site(app: App, session: FakeSession) -> None:
    for elsewhere in ("https://evil.test/", "//evil.test", "javascript:alert(1)"):
        answer = ask(app, session, *OWN_FORM, sent=form(back=elsewhere), kind=FORM, base="/shop")
        assert header(answer, "location") == "/shop/home"


def test_a_script_is_told_until_when(app: App, session: FakeSession) -> None:
    answer = ask(app, session)
    assert body(answer)["revealed"] is True
    assert app.gateway.revealed(session.id) == [(LIFTED, REASON)]


def test_an_address_is_taken_as_the_app_sees_it(app: App, session: FakeSession) -> None:
    ask(app, session, sent=form(path=" /customers/J%C3%B6rg?tab=2#top "), kind=FORM)
    ((lifted, _),) = app.gateway.revealed(session.id)
    assert lifted.path == "/customers/Jörg"


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"{", JSON, 400),
        (b"[]", JSON, 400),
        (json.dumps({**ASKED, "reason": 7}).encode(), JSON, 400),
        (b" " * 20_000, JSON, 400),
        (b"reason=%ff", FORM, 403),
        (json.dumps(ASKED).encode(), "text/plain", 415),
        (json.dumps({**ASKED, "field": "field tax_id"}).encode(), JSON, 403),
        (json.dumps({**ASKED, "field": "iban"}).encode(), JSON, 403),
        (b"{}", JSON, 403),
    ],
)
def test_what_cannot_be_read_or_shown_reveals_nothing(
    app: App, session: FakeSession, sent: bytes, kind: str, status: int
) -> None:
    assert ask(app, session, sent=sent, kind=kind).status == status
    assert app.gateway.revealed(session.id) == []


def test_a_person_reads_why_it_stays_hidden(app: App, session: FakeSession) -> None:
    sent = form(field="field tax_id", back="/customers/7")
    page = ask(app, session, *OWN_FORM, sent=sent, kind=FORM)
    assert (page.status, b"This stays hidden" in page.body) == (403, True)
    assert b'href="/customers/7"' in page.body


def test_another_site_reveals_nothing(app: App, session: FakeSession) -> None:
    answer = ask(app, session, ("sec-fetch-site", "cross-site"))
    assert (answer.status, body(answer)["code"]) == (403, "cross_site_refused")
    assert app.gateway.revealed(session.id) == []


def test_a_page_of_another_session_reveals_nothing(app: App, session: FakeSession) -> None:
    answer = ask(app, session, query="_understudy_page=ses_another")
    assert body(answer)["code"] == "page_of_another_session"
    assert b"This stays hidden" in offered(app, session, query="_understudy_page=ses_x").body
    assert app.gateway.revealed(session.id) == []


def test_whoever_holds_no_session_is_shown_nothing(app: App, session: FakeSession) -> None:
    assert body(ask(app, None))["code"] == "session_over"
    app.gateway.revoke(session.id)
    assert body(ask(app, session))["code"] == "session_over"
    assert offered(app, session).status == 401


def test_so_many_and_no_more(app: App, session: FakeSession) -> None:
    for _ in range(MOST_REVEALS):
        assert ask(app, session).status == 200
    answer = ask(app, session)
    assert (answer.status, body(answer)["code"]) == (403, "too_many_reveals")


def test_a_service_that_cannot_be_reached_shows_nothing(app: App, session: FakeSession) -> None:
    assert offered(app, session).status == 200
    app.gateway.reachable = False
    assert ask(app, session).status == 503
