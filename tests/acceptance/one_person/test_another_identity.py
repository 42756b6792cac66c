"""A page of A in a browser that works for B: it sends nothing, says so, and gives no text to B."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.one_person.notebook import Notebook

FORM = """<form id="f" method="post" action="/save"><input id="note" name="note">
  <button id="go">Save</button></form><a id="link" href="/read">Next</a>
  <a id="part" href="#there">Part</a>"""
FIELDS = """<form><input id="a" value="given"><textarea id="b">given</textarea>
  <input type="checkbox" id="c"></form><input id="d"><textarea id="e"></textarea>
  <input type="checkbox" id="g" checked><select id="h"><option>1</option><option selected>2</option>
  </select><div id="host"></div><script>
  host.attachShadow({mode: 'closed'}).innerHTML = '<form><input></form>';
  document.addEventListener('DOMContentLoaded', () => { window.early = d.value + b.value });
  </script><a href="/next" id="next">Next</a>"""
FIRST = {"a": "given", "b": "given", "c": False, "d": "", "e": "", "g": True, "h": "2"}
TYPED = {"a": "mine", "b": "mine", "c": True, "d": "mine", "e": "mine", "g": False, "h": "1"}
READ = """() => Object.fromEntries([...'abcdegh'].map((id) => document.getElementById(id))
  .map((field) => [field.id, field.type == 'checkbox' ? field.checked : field.value]))"""

REFUSED = {
    "fetch": ("fetch('/sent').catch((error) => error.name)", "TypeError"),
    "fetch elsewhere": (
        "fetch('http://localhost:9/sent').catch((error) => error.name)",
        "TypeError",
    ),
    "fetch of a request": (
        "fetch(new Request('/sent', {method: 'POST', body: 'x'})).catch((error) => error.name)",
        "TypeError",
    ),
    "XMLHttpRequest": (
        """new Promise((resolve) => { const x = new XMLHttpRequest(); x.open('POST', '/sent');
        x.setRequestHeader('X-Own', '1');
        x.onerror = () => resolve(['error', x.readyState, x.status].join()); x.send('x') })""",
        "error,4,0",
    ),
    "XMLHttpRequest that waits": (
        """(() => { const x = new XMLHttpRequest(); x.open('POST', '/sent', false);
        try { x.send('x') } catch (error) { return error.name } })()""",
        "NetworkError",
    ),
    "sendBeacon": ("navigator.sendBeacon('/sent', 'x')", False),
    "WebSocket": (
        """new Promise((resolve) => { const socket = new WebSocket('/sent');
        socket.onclose = ({code}) => resolve(code) })""",
        1006,
    ),
    "EventSource": (
        """new Promise((resolve) => { const stream = new EventSource('/sent');
        stream.onerror = () => resolve(stream.readyState) })""",
        2,
    ),
    "Worker": (
        "new Promise((resolve) => { new Worker('/sent').onerror = () => resolve('error') })",
        "error",
    ),
    "SharedWorker": (
        "new Promise((resolve) => { new SharedWorker('/sent').onerror = () => resolve('error') })",
        "error",
    ),
    "submit()": ("f.submit()", None),
    "requestSubmit": ("f.requestSubmit()", None),
    "a script's navigation": ("location.assign('/sent')", None),
}


def as_b(notebook: Notebook, tab: Page) -> None:
    """Somebody launches B in another tab of the same browser."""
    notebook.identity = "B"
    notebook.bodies["/launched"] = ""
    other = tab.context.new_page()
    other.goto("/launched")
    other.close()


def opened(tab: Page, notebook: Notebook, body: str = FORM) -> None:
    notebook.bodies |= {"/": body, "/next": "<h1>Next</h1>", "/save": "<h1>Saved</h1>"}
    tab.goto("/")


def notice(tab: Page) -> Any:
    return tab.locator("understudy-notice")


@pytest.mark.parametrize("how", REFUSED)
def test_nothing_leaves_it_and_what_tries_fails_as_without_a_network(
    tab: Page, notebook: Notebook, how: str
) -> None:
    opened(tab, notebook)
    as_b(notebook, tab)
    script, outcome = REFUSED[how]
    assert tab.evaluate(f"async () => await ({script})") == outcome
    tab.evaluate("() => fetch('/_understudy/state')")
    notebook.one_at("/_understudy/state")
    assert notebook.at("/sent") == notebook.at("/save") == []
    assert tab.url == f"{notebook.address}/"


def test_what_was_typed_stays_and_what_only_reads_within_the_page_goes_on(
    tab: Page, notebook: Notebook
) -> None:
    opened(tab, notebook)
    tab.locator("#note").fill("for A")
    tab.evaluate("() => f.addEventListener('submit', () => { window.told = true })")
    as_b(notebook, tab)
    tab.locator("#go").click()
    tab.locator("#link").click()
    expect(notice(tab)).to_be_visible()
    tab.locator("#part").click()
    assert tab.url == f"{notebook.address}/#there"
    expect(tab.locator("#note")).to_have_value("for A")
    assert tab.evaluate("window.told") is None
    assert notebook.at("/save") == notebook.at("/read") == []
    assert tab.evaluate("async () => (await fetch('data:,text')).text()") == "text"


def test_the_page_says_so_to_people_and_to_scripts(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook)
    tab.evaluate(
        """() => { window.heard = []; document.addEventListener('understudy:identity-changed',
        ({detail}) => window.heard.push(detail)) }"""
    )
    root = tab.locator("html")
    expect(root).to_have_attribute("data-understudy-page", "A")
    assert notice(tab).count() == 0
    as_b(notebook, tab)
    expect(tab.get_by_role("alert")).to_have_text(
        "This page belongs to another session. You now work as somebody else in this browser."
        " Nothing can be sent from it."
    )
    expect(root).to_have_attribute("data-understudy-identity-changed", "")
    notebook.identity = "A"
    tab.context.add_cookies([{"name": "understudy-page", "value": "A", "url": notebook.address}])
    expect(notice(tab)).to_have_count(0)
    assert root.get_attribute("data-understudy-identity-changed") is None
    assert tab.evaluate("window.heard") == [{"page": "A", "now": "B"}, {"page": "A", "now": "A"}]
    tab.locator("#go").click()
    assert notebook.one_at("/save").marks == ["A"]


def test_reloading_makes_it_a_page_of_the_present_identity(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook)
    tab.locator("#note").fill("for A")
    as_b(notebook, tab)
    tab.get_by_role("button", name="Reload").click()
    expect(tab.locator("html")).to_have_attribute("data-understudy-page", "B")
    expect(notice(tab)).to_have_count(0)
    expect(tab.locator("#note")).to_have_value("")


def test_a_page_that_a_form_led_to_is_asked_for_and_not_sent_again(
    tab: Page, notebook: Notebook
) -> None:
    opened(tab, notebook)
    tab.locator("#go").click()
    tab.wait_for_url("**/save?_understudy_page=A")
    as_b(notebook, tab)
    tab.get_by_role("button", name="Reload").click()
    tab.wait_for_url("**/save")
    assert [(one.method, one.query) for one in notebook.at("/save")] == [
        ("POST", "_understudy_page=A"),
        ("GET", ""),
    ]


def test_a_page_that_comes_from_a_cache_knows_at_once(tab: Page, notebook: Notebook) -> None:
    notebook.head = "<script>window.first = document.documentElement.dataset"
    notebook.head += ".understudyIdentityChanged</script>"
    tab.add_init_script("document.cookie = 'understudy-page=B; Path=/'")
    opened(tab, notebook)
    assert tab.evaluate("window.first") == ""
    expect(tab.get_by_role("alert")).to_be_visible()


def test_without_any_word_on_the_identity_the_server_judges(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook)
    tab.context.clear_cookies()
    tab.locator("#go").click()
    assert notebook.one_at("/save").marks == ["A"]


def test_a_sister_hosts_cookie_of_that_name_stops_nothing(tab: Page, notebook: Notebook) -> None:
    notebook.bodies["/deep/page"] = FORM
    opened(tab, notebook)
    tab.evaluate("document.cookie = 'understudy-page=evil; path=/deep'")
    tab.goto("/deep/page")
    assert tab.evaluate("document.cookie") == "understudy-page=evil; understudy-page=A"
    tab.locator("#go").click()
    assert notebook.one_at("/save").marks == ["A"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_notice_fits_its_window_and_lies_over_the_apps_dialogs(
    browser: Browser, notebook: Notebook, scheme: Any, width: int
) -> None:
    context = browser.new_context(
        base_url=notebook.address, color_scheme=scheme, viewport={"width": width, "height": 700}
    )
    tab = context.new_page()
    notebook.headers["content-security-policy"] = "style-src 'none'; default-src 'self'"
    opened(tab, notebook, FORM + "<dialog id='box'>Box</dialog>")
    tab.evaluate("() => box.showModal()")
    as_b(notebook, tab)
    expect(notice(tab)).to_be_visible()
    box = notice(tab).bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, width)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert notice(tab).evaluate("(host) => host.matches(':popover-open')")
    assert tab.evaluate("f.getBoundingClientRect().top") >= box["height"]
    ground = tab.evaluate(
        "getComputedStyle(document.querySelector('understudy-notice').shadowRoot"
        ".querySelector('section')).backgroundColor"
    )
    assert re.fullmatch(r"rgb\((143, 29, 20|58, 13, 8)\)", ground)
    assert ("58" in ground) is (scheme == "dark")
    context.close()


def typed(tab: Page) -> None:
    for name in "abde":
        tab.locator(f"#{name}").fill("mine")
    tab.locator("#c").check()
    tab.locator("#g").uncheck()
    tab.locator("#h").select_option("1")
    assert tab.evaluate(READ) == TYPED


def left_and_back(tab: Page) -> None:
    tab.goto("/next")
    tab.go_back()
    tab.wait_for_function("document.readyState == 'complete'")


def test_back_types_ones_own_text_back(tab: Page, notebook: Notebook) -> None:
    notebook.headers["cache-control"] = "no-store"
    opened(tab, notebook, FIELDS)
    typed(tab)
    left_and_back(tab)
    assert tab.evaluate(READ) == TYPED


@pytest.mark.parametrize("where", ["another tab", "this tab"])
def test_back_types_nobody_elses_text_into_a_page_of_b(
    tab: Page, notebook: Notebook, where: str
) -> None:
    notebook.headers["cache-control"] = "no-store"
    opened(tab, notebook, FIELDS)
    typed(tab)
    if where == "this tab":
        notebook.identity = "B"
        left_and_back(tab)
    else:
        tab.goto("/next")
        as_b(notebook, tab)
        tab.go_back()
        tab.wait_for_function("document.readyState == 'complete'")
    expect(tab.locator("html")).to_have_attribute("data-understudy-page", "B")
    assert tab.evaluate(READ) == FIRST
    assert tab.evaluate("window.early") == "given"


def test_a_place_within_the_page_is_remembered_too(tab: Page, notebook: Notebook) -> None:
    notebook.headers["cache-control"] = "no-store"
    opened(tab, notebook, FIELDS)
    notebook.bodies["/view"] = FIELDS
    tab.evaluate("history.pushState(null, '', '/view')")
    typed(tab)
    left_and_back(tab)
    assert tab.url.endswith("/view")
    assert tab.evaluate(READ) == TYPED


def test_a_page_out_of_the_browsers_back_cache_sends_nothing(
    keeping_browser: Browser, notebook: Notebook
) -> None:
    context = keeping_browser.new_context(base_url=notebook.address)
    tab = context.new_page()
    opened(tab, notebook)
    tab.evaluate("() => { window.onpageshow = (event) => { window.kept = event.persisted } }")
    tab.locator("#note").fill("for A")
    notebook.identity = "B"
    tab.goto("/next")
    tab.evaluate("history.go(-1)")
    tab.wait_for_function("window.kept")
    expect(notice(tab)).to_be_visible()
    tab.locator("#go").click()
    expect(tab.locator("#note")).to_have_value("for A")
    tab.get_by_role("button", name="Reload").click()
    expect(tab.locator("html")).to_have_attribute("data-understudy-page", "B")
    expect(tab.locator("#note")).to_have_value("")
    context.close()
    assert notebook.at("/save") == []
