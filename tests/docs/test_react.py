"""The page about React leads from an empty folder to a session, word for word, in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from tests.docs.pages import ROOT, RUN, blocks
from tests.docs.shell import Shell

PAGE = ROOT / "docs/howto/react.md"
STEPS = ("1. Install", "2. The React app", "3. The app behind it", "4. The service", "5. Run it")
OURS = ("@understudy/", "UnderstudyProvider", "useImpersonation()", "<ImpersonateButton")
TEMPLATE = {
    "package.json": {"type": "module", "scripts": {"build": "tsc --noEmit && vite build"}},
    "tsconfig.json": {
        "compilerOptions": {
            "target": "ES2022",
            "lib": ["ES2022", "DOM", "DOM.Iterable"],
            "module": "ESNext",
            "moduleResolution": "bundler",
            "jsx": "react-jsx",
            "types": ["vite/client"],
            "strict": True,
            "allowImportingTsExtensions": True,
            "verbatimModuleSyntax": True,
            "noEmit": True,
            "noUnusedLocals": True,
            "noUnusedParameters": True,
            "skipLibCheck": True,
        },
        "include": ["src"],
    },
}
"""What `npm create vite` writes, as far as it matters."""


def prepare(folder: Path) -> None:
    """Do what the first step does, with the packages that are here, and save the page's modules."""
    (folder / "src").mkdir()
    for name, content in TEMPLATE.items():
        (folder / name).write_text(json.dumps(content))
    (folder / "index.html").write_text(
        '<!doctype html><body><div id="root"></div>'
        '<script type="module" src="/src/main.tsx"></script></body>'
    )
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    for name, text in modules().items():
        (folder / name).write_text(text)


def modules() -> dict[str, str]:
    """The page's TypeScript, by the name in its first line."""
    written = [block.text for block in blocks(PAGE) if block.language in {"ts", "tsx"}]
    return {text.partition("\n")[0].removeprefix("// "): text for text in written}


@pytest.fixture
def kims(chromium_path: Path) -> Iterator[Page]:
    """A browser in which nothing is said on the console."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # An answer of 422, as to the first try, is nothing that went wrong.
        if message.type in {"error", "warning"} and "Failed to load" not in message.text:
            said.append(message.text)

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium_path, args=options)
        page = browser.new_page()
        page.on("console", note)
        yield page
        browser.close()
    assert said == []


def test_what_a_reader_has_to_do_does_not_grow_unseen() -> None:
    text = PAGE.read_text()
    assert re.findall(r"^## (\d\. .*)$", text, re.MULTILINE) == [*STEPS]
    lines = [
        line for name in ("src/main.tsx", "src/App.tsx") for line in modules()[name].splitlines()
    ]
    assert len([line for line in lines if any(name in line for name in OURS)]) == 7
    assert "[seven lines]" in text
    assert "@understudy/browser @understudy/react" in text


def test_a_script_knows_every_refusal_that_the_page_about_starting_names() -> None:
    table = (ROOT / "docs/howto/start-in-your-app.md").read_text()
    named = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]*) \| \d", table, re.MULTILINE)))
    )
    source = (ROOT / "packages/browser/src/refusal.ts").read_text().partition("RefusalCode =")[2]
    known = set(re.findall(r'^  \| "(\w+)"', source, re.MULTILINE))
    # The last one comes where the service runs within the app, the first two from no server.
    assert known - named == {"no_answer", "unexpected_answer", "recent_sign_in_required"}
    assert named <= known


def test_an_empty_folder_becomes_a_react_app_under_the_banner(tmp_path: Path, kims: Page) -> None:
    prepare(tmp_path)
    with Shell(tmp_path) as shell:
        for block in blocks(PAGE):
            if block.language in RUN and not block.text.startswith("npm create"):
                shell.run(block)
        kims.goto(f"http://127.0.0.1:{shell.ports['8000']}")
        _is_the_pages_app(kims)


def _is_the_pages_app(page: Page) -> None:
    page.get_by_role("button", name="Sign in as Kim").click()
    expect(page.get_by_role("heading", name="Hello Kim")).to_be_visible()
    page.get_by_role("button", name="Impersonate").first.click()
    dialog = page.get_by_role("dialog", name="Work as Ada")
    reason = dialog.get_by_label("Reason")
    expect(reason).to_be_focused()
    reason.fill("Because")
    dialog.get_by_role("button", name="Start").click()
    expect(reason).to_have_attribute("aria-invalid", "true")
    reason.fill("Cannot see the invoice")
    dialog.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Hello Ada")).to_be_visible()
    expect(page.get_by_text("Kim is looking.")).to_be_visible()
    expect(page.get_by_text("Nobody has accessed your account.")).to_be_visible()
    page.locator("understudy-banner").get_by_role("button", name="End session").click()
    expect(page.get_by_role("heading", name="Hello Kim")).to_be_visible()
