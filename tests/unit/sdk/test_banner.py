"""The banner's markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

from tests.fixtures.impersonation import BEGIN, SESSION, a_session, restricted
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.banner import Banner, BannerLinks
from understudy.sdk.values import Actor

LINKS = BannerLinks(
    script="/_understudy/banner.js",
    state="/_understudy/state",
    events="/_understudy/events",
    end="/_understudy/end",
    back="/",
)
HOSTILE = "\"><script>alert(1)</script><b x='"


class Reader(HTMLParser):
    """Elements with their attributes, and the text between."""

    def __init__(self, markup: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup.decode("ascii"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def render(session: object = SESSION, nonce: str | None = None) -> Reader:
    return Reader(
        Banner(session, LINKS).render(server_now=BEGIN, nonce=nonce)  # type: ignore[arg-type]
    )


def test_the_element_carries_every_fact() -> None:
    name, attributes = render().elements[0]
    assert name == "understudy-banner"
    assert attributes == {
        "data-session": "ses_1",
        "data-state": "/_understudy/state",
        "data-events": "/_understudy/events",
        "data-end": "/_understudy/end?_understudy_page=ses_1",
        "data-actor": "Sam Support",
        "data-actor-email": "sam@support.test",
        "data-subject": "Ada Customer",
        "data-subject-email": "ada@customer.test",
        "data-organization": "Acme",
        "data-scope": "full",
        "data-ticket": "T-1",
        "data-reason": "Cannot see the invoice",
        "data-idle-seconds": "600",
        "data-ends-at": "2026-03-01T12:30:00.000Z",
        "data-server-now": "2026-03-01T12:00:00.000Z",
        "data-return": "/",
    }


def test_facts_that_are_missing_are_left_out() -> None:
    subject = replace(SESSION.subject, name=None, email=None)
    actor = replace(SESSION.actor, name=None)
    session = a_session(subject=subject, actor=actor, organization=None, ticket=None)
    attributes = render(session).elements[0][1]
    missing = {"data-subject-email", "data-organization", "data-ticket"}
    assert missing.isdisjoint(attributes)
    assert attributes["data-subject"] == "42"
    assert attributes["data-actor"] == "sam@support.test"


def test_an_actor_of_whom_only_the_id_is_known_is_called_by_it() -> None:
    session = a_session(actor=Actor(kind="named_by_application", id="k7", email=None, name=None))
    reader = render(session)
    assert reader.elements[0][1]["data-actor"] == "k7"
    assert "data-actor-email" not in reader.elements[0][1]
    assert "recorded as done by k7." in reader.text


def test_the_fallback_works_without_script() -> None:
    reader = render()
    assert "You are viewing this app as Ada Customer (Acme). Full access." in reader.text
    assert "Ends at 12:30 UTC" in reader.text
    assert "What you do is recorded as done by Sam Support." in reader.text
    end = "/_understudy/end?_understudy_page=ses_1"
    assert ("form", {"method": "post", "action": end}) in reader.elements
    assert ("a", {"href": end}) in reader.elements
    assert ("div", {"role": "status"}) in reader.elements


def test_the_fallback_says_that_nothing_can_be_sent_where_no_script_may_run() -> None:
    banner = Banner(SESSION, LINKS)
    reader = Reader(banner.render(server_now=BEGIN, nonce=None, can_write=False))
    assert "nothing can be sent from it." in reader.text
    assert ("p", {"data-unmarked": ""}) in reader.elements
    assert "nothing can be sent" not in render().text


def test_the_fallback_says_that_a_session_is_read_only() -> None:
    session = a_session(restrictions=restricted(scope=Scope.READ_ONLY), organization=None)
    assert "as Ada Customer. Read only." in render(session).text


def test_no_style_and_no_inline_script_is_needed() -> None:
    for name, attributes in render().elements:
        assert name != "style"
        assert "style" not in attributes
        assert not any(attribute.startswith("on") for attribute in attributes)
        if name == "script":
            assert attributes["src"] == "/_understudy/banner.js"


def test_hostile_names_stay_text() -> None:
    session = a_session(
        subject=replace(SESSION.subject, name=HOSTILE, email=HOSTILE),
        actor=replace(SESSION.actor, name=HOSTILE),
        reason=HOSTILE,
        ticket=HOSTILE,
    )
    reader = render(session)
    assert [name for name, _ in reader.elements].count("script") == 1
    assert reader.elements[0][1]["data-reason"] == HOSTILE


def test_names_in_any_script_are_pure_ascii_on_the_wire() -> None:
    session = a_session(subject=replace(SESSION.subject, name="Ådå 李 🙂"))
    assert render(session).elements[0][1]["data-subject"] == "Ådå 李 🙂"


def test_the_markup_is_well_formed_xml_too() -> None:
    markup = Banner(SESSION, LINKS).render(server_now=BEGIN, nonce="abc")
    ElementTree.fromstring(b"<page>" + markup + b"</page>")


def test_the_pages_nonce_goes_on_the_script() -> None:
    script = next(
        attributes for name, attributes in render(nonce="r4nd").elements if name == "script"
    )
    assert script["nonce"] == "r4nd"
    plain = next(attributes for name, attributes in render().elements if name == "script")
    assert "nonce" not in plain
