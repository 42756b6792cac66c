"""The guides to an Understudy inside of an app, word for word, with no service beside it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.pages import ROOT, RUN, blocks
from tests.docs.reader import REASON, follow
from tests.docs.shell import Shell
from tests.docs.visitor import Site, Visitor
from understudy.contrib.django.embedding import KEYS
from understudy.embedded.plan import APPLICATION_ID

DJANGO = ROOT / "docs/howto/embedded-django.md"
FLASK = ROOT / "docs/howto/embedded-flask.md"
PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


def kim_at(shell: Shell) -> Visitor:
    """One of the staff, whose dashboard is below a path of the app."""
    port = shell.ports["8000"]
    return Visitor(port, Site(f"http://localhost:{port}"), mount="/understudy")


def commands(page: Path) -> list[str]:
    """What somebody types."""
    found = [block for block in blocks(page) if block.language in RUN - {"python"}]
    lines = [line for block in found for line in block.text.splitlines()]
    # What stands in the settings is counted by itself.
    return [line for line in lines if re.match(r"(\$ )?(pip|python|uvicorn|flask|cat) ", line)]


def works_as_ada(kim: Visitor, subject_id: str) -> None:
    # By whatever sign-in the app has.
    opened = kim._send("GET", f"{kim.site.origin}/understudy/users", headers=PAGE)
    assert opened.status_code in (200, 303), opened.text
    kim.impersonate(APPLICATION_ID, subject_id, reason=REASON)
    page = kim.visit("/")
    assert "Hello ada" in page.replace("Ada", "ada")
    assert "<understudy-banner" in page
    shut = kim._send("GET", f"{kim.site.origin}/understudy/", headers=PAGE)
    assert shut.status_code == 403
    kim.end()


def test_the_guide_to_django_leads_to_a_session_with_no_service(shell: Shell) -> None:
    with shell:
        follow(shell, DJANGO)
        kim = kim_at(shell)
        form = kim.visit("/admin/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token is not None
        typed = {"username": "kim", "password": "correct horse", "next": "/"}
        data = {**typed, "csrfmiddlewaretoken": token[1]}
        assert kim.post("/admin/login/", data=data).status_code == 302
        assert "Hello kim" in kim.visit("/")
        works_as_ada(kim, "2")
        assert "Hello kim" in kim.visit("/")
    # What a reader has to do does not grow unseen.
    assert len(commands(DJANGO)) == 7
    assert steps(DJANGO) == [
        "Install",
        "The settings",
        "The dashboard's addresses",
        "Somebody who may, and somebody as whom",
    ]
    assert settings_lines() == 11


def test_the_guide_to_flask_leads_to_a_session_with_no_service(shell: Shell) -> None:
    with shell:
        follow(shell, FLASK)
        kim = kim_at(shell)
        assert kim.post("/login/7").status_code == 302
        works_as_ada(kim, "1")
        assert "Hello Kim" in kim.visit("/")
        assert kim.post("/login/2").status_code == 302
        me = kim._send("GET", f"{kim.site.origin}/understudy/api/v1/me", headers={})
        assert me.status_code == 401
    assert len(commands(FLASK)) == 2
    assert steps(FLASK) == ["Install", "The app", "Run it"]


def steps(page: Path) -> list[str]:
    return re.findall(r"^## \d\. (.+)$", page.read_text(), re.MULTILINE)


def settings_lines() -> int:
    """How many lines a site's settings grow by."""
    block = next(block for block in blocks(DJANGO) if "SETTINGS" in block.text)
    return len([line for line in block.text.splitlines()[1:-1] if line.strip()])


def test_the_guide_to_django_names_every_setting() -> None:
    page = DJANGO.read_text()
    assert [key for key in sorted(KEYS) if f"`{key}`" not in page] == []
