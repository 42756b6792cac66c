"""What leaves a page carries its mark, in whichever way it leaves; what only reads carries none."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.acceptance.one_person.notebook import Notebook

SINK = '<iframe name="sink"></iframe>'
FORM = '<form id="f" method="post" action="/save" target="sink"><input name="note" value="hi">{}'
CLICK = "document.querySelector('#go').click()"
HOST = "<div id='host'></div>" + SINK
IN_SHADOW = """
  const root = document.querySelector('#host').attachShadow({{mode: '{}'}});
  root.innerHTML = `<form method="post" action="/save" target="sink">
    <input name="note" value="hi"><button id="go">Save</button></form>`;
  root.querySelector('#go').click();
"""
INTERNALS = """
  let seen;
  customElements.define('x-form', class extends HTMLElement {
    constructor() { super(); seen = this.attachInternals().shadowRoot; }
  });
  seen.querySelector('#go').click();
"""

# As whom the form is sent: its markup, and what makes it go.
FORMS = {
    "click": (FORM.format('<button id="go">Save</button></form>'), CLICK),
    "image": (FORM.format('<input type="image" alt="Save" id="go"></form>'), CLICK),
    "a button outside": (FORM.format('</form><button form="f" id="go">Save</button>'), CLICK),
    "formaction": (
        FORM.replace("/save", "/other").format('<button id="go" formaction="/save">Save</button>'),
        CLICK,
    ),
    "formmethod": (
        FORM.replace("post", "get").format('<button id="go" formmethod="POST">Save</button>'),
        CLICK,
    ),
    "requestSubmit": (FORM.format("</form>"), "f.requestSubmit()"),
    "submit()": (FORM.format("</form>"), "f.submit()"),
    "submit() of a form with a field of that name": (
        FORM.format('<input name="submit"><input name="getAttribute"><input name="action"></form>'),
        "HTMLFormElement.prototype.submit.call(f)",
    ),
    "an address given by a handler": (
        FORM.replace("/save", "/other").format('<button id="go">Save</button></form>'),
        f"f.addEventListener('submit', () => {{ f.action = '/save' }}); {CLICK}",
    ),
    "a handler that hides the event": (
        FORM.format('<button id="go">Save</button></form>'),
        f"f.addEventListener('submit', (e) => e.stopImmediatePropagation()); {CLICK}",
    ),
    "an open shadow root": (HOST, IN_SHADOW.format("open")),
    "a closed shadow root": (HOST, IN_SHADOW.format("closed")),
    "a shadow root out of the markup": (
        f'<div id="host"><template shadowrootmode="open">'
        f"{FORM.format('<button id=go>Save</button></form>')}</template></div>",
        "host.shadowRoot.querySelector('form').requestSubmit()",
    ),
    "a closed one out of the markup, of an element with internals": (
        f'<x-form><template shadowrootmode="closed">'
        f"{FORM.format('<button id=go>Save</button></form>')}</template></x-form>",
        INTERNALS,
    ),
}

SCRIPTS = {
    "fetch": "fetch('/save', {method: 'POST', body: 'hi'})",
    "fetch of a URL": "fetch(new URL('/save', location), {method: 'put', body: 'hi'})",
    "fetch of a relative address": "fetch('./save', {method: 'POST', body: 'hi'})",
    "fetch of a request": "fetch(new Request('/save', {method: 'POST', body: 'hi'}))",
    "fetch of a request that becomes a POST": "fetch(new Request('/save'), {method: 'POST',"
    " body: 'hi'})",
    "fetch of a request that needs no CORS": "fetch(new Request('/save', {method: 'POST',"
    " body: 'hi', mode: 'no-cors'}))",
    "XMLHttpRequest": "(x => { x.open('POST', '/save'); x.send('hi') })(new XMLHttpRequest())",
    "sendBeacon": "navigator.sendBeacon('/save', 'hi')",
}
CHANNELS = {
    "WebSocket": "new WebSocket('/save'.replace(/^/, location.origin.replace('http', 'ws')))",
    "relative WebSocket": "new WebSocket('/save')",
    "EventSource": "new EventSource('/save')",
    "Worker": "new Worker('/save.js')",
    "module Worker": "new Worker('/save.js', {type: 'module'})",
    "SharedWorker": "new SharedWorker('/save.js')",
}
SILENT = {
    "GET by fetch": "fetch('/read')",
    "HEAD by fetch": "fetch('/read', {method: 'head'})",
    "GET by request": "fetch(new Request('/read'))",
    "GET by XMLHttpRequest": "(x => { x.open('get', '/read'); x.send() })(new XMLHttpRequest())",
}


def opened(tab: Page, notebook: Notebook, body: str = "") -> None:
    notebook.bodies["/"] = body
    tab.goto("/")


@pytest.mark.parametrize("how", FORMS)
def test_a_form_carries_it_and_the_page_does_not_see_it(
    tab: Page, notebook: Notebook, how: str
) -> None:
    body, script = FORMS[how]
    opened(tab, notebook, body + SINK)
    tab.evaluate(f"() => {{ {script} }}")
    received = notebook.one_at("/save")
    assert (received.method, received.marks) == ("POST", ["A"])
    assert "note=hi" in received.body
    assert "_understudy_page" not in tab.evaluate("document.body.getHTML()")


def test_a_policy_in_the_page_comes_too_late_to_stop_it(tab: Page, notebook: Notebook) -> None:
    """So that `understudy doctor` takes no such page for read only."""
    notebook.head = """<meta http-equiv="content-security-policy" content="script-src 'none'">
        <script>window.ran = true</script>"""
    opened(tab, notebook, FORM.format('<button id="go">Save</button></form>') + SINK)
    assert tab.evaluate("window.ran") is None
    tab.locator("#go").click()
    assert notebook.one_at("/save").marks == ["A"]


def test_an_address_that_a_handler_gives_stays(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook, FORM.format('<button id="go">Save</button></form>'))
    given = tab.evaluate(
        f"""async () => {{
          f.addEventListener('submit', (event) => {{
            event.preventDefault(); event.stopPropagation(); f.action = '/mine' }});
          {CLICK};
          await new Promise((resolve) => setTimeout(resolve, 20));
          return f.getAttribute('action');
        }}"""
    )
    assert given == "/mine"


@pytest.mark.parametrize("how", SCRIPTS)
def test_what_script_sends_carries_it_once_and_whole(
    tab: Page, notebook: Notebook, how: str
) -> None:
    opened(tab, notebook)
    tab.evaluate(f"() => {{ {SCRIPTS[how]} }}")
    received = notebook.one_at("/save")
    assert received.marks == ["A"]
    assert received.body == "hi"


@pytest.mark.parametrize("how", CHANNELS)
def test_what_opens_a_channel_carries_it(tab: Page, notebook: Notebook, how: str) -> None:
    opened(tab, notebook)
    tab.evaluate(f"() => {{ window.kept = {CHANNELS[how]} }}")
    path = "/save.js" if "Worker" in how else "/save"
    assert notebook.one_at(path).marks == ["A"]


@pytest.mark.parametrize("how", SILENT)
def test_what_only_reads_carries_none(tab: Page, notebook: Notebook, how: str) -> None:
    opened(tab, notebook)
    tab.evaluate(f"() => {{ {SILENT[how]} }}")
    assert notebook.one_at("/read").query == ""


def test_a_form_that_only_reads_and_one_that_closes_a_dialog_carry_none(
    tab: Page, notebook: Notebook
) -> None:
    form = FORM.replace("post", "get").replace("/save", "/read")
    dialog = '<dialog open><form method="dialog"><button id="close">x</button></form></dialog>'
    opened(tab, notebook, form.format('<button id="go">Find</button></form>') + SINK + dialog)
    tab.locator("#close").click()
    tab.locator("#go").click()
    assert notebook.one_at("/read").query == "note=hi"


def test_other_origins_see_nothing(tab: Page, notebook: Notebook) -> None:
    elsewhere = notebook.address.replace("127.0.0.1", "localhost")
    form = f'<form method="post" action="{elsewhere}/form" target="sink"><button>Go</button></form>'
    opened(tab, notebook, form + SINK)
    tab.evaluate(
        f"""() => {{
          fetch('{elsewhere}/fetch', {{method: 'POST', mode: 'no-cors', body: 'hi'}});
          navigator.sendBeacon('{elsewhere}/beacon', 'hi');
          window.kept = new WebSocket('{elsewhere.replace("http", "ws")}/socket');
        }}"""
    )
    tab.get_by_role("button").click()
    for path in ("/form", "/fetch", "/beacon", "/socket"):
        assert notebook.one_at(path).query == ""


def test_the_rest_of_the_query_stays_letter_by_letter(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook)
    signed = "a=1%20b+c&&_understudy_page=Z&x=%e4&y"
    tab.evaluate(f"() => {{ fetch('/save?{signed}#part', {{method: 'DELETE'}}) }}")
    assert notebook.one_at("/save").query == "a=1%20b+c&&x=%e4&y&_understudy_page=A"


def test_relative_addresses_go_by_the_base_and_empty_actions_by_the_page(
    tab: Page, notebook: Notebook
) -> None:
    notebook.bodies["/deep/page"] = FORM.replace('action="/save"', "").format("</form>") + SINK
    notebook.head = '<base href="/elsewhere/">'
    tab.goto("/deep/page")
    tab.evaluate("() => { fetch('save', {method: 'POST'}) }")
    assert notebook.one_at("/elsewhere/save").marks == ["A"]
    tab.evaluate("() => { document.forms[0].requestSubmit() }")
    tab.wait_for_function("window.sink.location.search.includes('_understudy_page')")
    assert [(one.method, one.marks) for one in notebook.at("/deep/page")][1:] == [("POST", ["A"])]


def test_a_request_keeps_what_else_it_says(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook)
    outcome = tab.evaluate(
        """async () => {
          const form = new FormData();
          form.append('note', 'hi');
          const request = new Request('/save', {method: 'PATCH', body: form,
            headers: {'X-Own': '1'}, credentials: 'omit', referrer: '/from'});
          const gone = new AbortController();
          gone.abort();
          const aborted = await fetch(new Request('/aborted', {method: 'POST', body: 'hi',
            signal: gone.signal})).catch((error) => error.name);
          await fetch(request).catch(() => {});
          return [aborted, request.bodyUsed, request.url.endsWith('/save')];
        }"""
    )
    assert outcome == ["AbortError", True, True]
    assert notebook.at("/aborted") == []
    received = notebook.one_at("/save")
    assert (received.method, received.marks) == ("PATCH", ["A"])
    assert received.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert 'name="note"' in received.body
    assert received.headers["x-own"] == "1"
    assert received.headers["referer"].endswith("/from")
    assert "cookie" not in received.headers


def test_a_request_whose_body_is_still_being_made_carries_it_in_a_header(
    tab: Page, notebook: Notebook
) -> None:
    opened(tab, notebook)
    # Streams go by HTTP/2 only: what the browser was about to send is looked at on the way.
    with tab.expect_request("**/save") as asked:
        tab.evaluate(
            """() => {
              const body = new ReadableStream({start: (controller) => controller.enqueue(
                new Uint8Array([1]))});
              fetch(new Request('/save', {method: 'POST', body, duplex: 'half'})).catch(() => {});
            }"""
        )
    assert asked.value.url == f"{notebook.address}/save"
    assert asked.value.headers["understudy-page"] == "A"


def test_classes_stay_what_they_were(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook)
    found = tab.evaluate(
        """() => {
          const made = new WebSocket('/x');
          class Mine extends WebSocket { own() { return 1 } }
          const mine = new Mine('/y');
          return [made instanceof WebSocket, made.constructor === WebSocket, WebSocket.OPEN,
            WebSocket.name, WebSocket.length, mine instanceof Mine, mine.own(),
            fetch.name, fetch.length, String(fetch).includes('native code'),
            new Request('/x') instanceof Request, Object.keys(window).includes('fetch')];
        }"""
    )
    assert found == [
        *(True, True, 1, "WebSocket", 1),
        *(True, 1, "fetch", 1, True, True, True),
    ]


def test_workers_out_of_blobs_are_left_alone(tab: Page, notebook: Notebook) -> None:
    opened(tab, notebook)
    said = tab.evaluate(
        """() => new Promise((resolve) => {
          const blob = new Blob(['postMessage(location.href)']);
          const worker = new Worker(URL.createObjectURL(blob));
          worker.onmessage = ({data}) => resolve(data);
        })"""
    )
    assert said.startswith("blob:")
    assert "_understudy_page" not in said


TYPED = """() => {
  const rules = {createScriptURL: (address) => address};
  const policy = trustedTypes.createPolicy('app', rules);
  window.kept = new Worker(policy.createScriptURL('/save.js'));
}"""


@pytest.mark.parametrize(("allowed", "marks"), [("app understudy-page", ["A"]), ("app", [])])
def test_trusted_addresses_are_marked_where_the_policy_lets_us(
    tab: Page, notebook: Notebook, allowed: str, marks: list[str]
) -> None:
    notebook.headers["content-security-policy"] = (
        f"require-trusted-types-for 'script'; trusted-types {allowed}; style-src 'none'"
    )
    opened(tab, notebook)
    tab.evaluate(TYPED)
    assert notebook.one_at("/save.js").marks == marks


def test_a_second_script_changes_nothing(tab: Page, notebook: Notebook) -> None:
    notebook.head = "<script src='/_understudy/page.js' data-page='B'></script>"
    opened(tab, notebook)
    tab.evaluate("() => { fetch('/save', {method: 'POST'}) }")
    assert notebook.one_at("/save").marks == ["A"]


def test_frozen_places_do_not_break_the_rest(tab: Page, notebook: Notebook) -> None:
    tab.add_init_script(
        "Object.freeze(XMLHttpRequest.prototype); Object.freeze(Navigator.prototype);"
        "Object.defineProperty(window, 'fetch', {value: fetch, configurable: false});"
    )
    opened(tab, notebook, FORM.format("</form>") + SINK)
    tab.evaluate("() => { fetch('/unmarked', {method: 'POST'}); f.submit() }")
    assert notebook.one_at("/unmarked").marks == []
    assert notebook.one_at("/save").marks == ["A"]
