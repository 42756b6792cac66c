from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.cli.conftest import CommandLine, Prepared
from understudy.cli.installation import application_of
from understudy.core.governance.policy_terms import Confirmation, PolicyTerms
from understudy.core.ports import Unit

ALL = '@id("everybody") permit (principal, action, resource);\n'
TEXT = (
    ALL + '@id("owners") @minutes("10") @approvals("1") @approvers("approver, admin")'
    " permit (principal, action, resource) when { resource.rank >= 50 };\n"
    + '@id("vip") forbid (principal, action, resource) when { resource.roles.contains("vip") };\n'
)
CASES = """
cases:
- name: a plain user
  expect: permit
  limits: {minutes: null, scope: null, approvals: 0}
- name: an owner
  expect: permit
  subject: {rank: 50}
  deciding: [everybody, owners]
  limits: {minutes: 10, approvers: [approver, admin]}
- name: a vip
  expect: forbid
  subject: {roles: [vip]}
  deciding: [vip]
"""
PLAIN = {"unlocks": None, "differs": None}
LETS = (
    '@id("notes") @unlocks("POST /notes, PUT /orders/{id}/note")'
    " permit (principal, action, resource);\n"
    '@id("fewer") @unlocks("POST /notes, PUT /orders/7/note") permit (principal, action, resource)'
    " when { resource.rank >= 50 };\n"
    '@id("people") permit (principal, action, resource) when { resource.rank >= 90 };\n'
)
LET = """
cases:
- name: a plain user
  expect: permit
  limits: {unlocks: ["PUT /orders/{id}/note", POST /notes]}
- name: an owner
  expect: permit
  subject: {rank: 50}
  limits: {unlocks: [POST /notes, PUT /orders/7/note]}
- name: an owner of more
  expect: permit
  subject: {rank: 90}
  limits: {unlocks: [POST /notes]}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    text, cases = tmp_path / "app.cedar", tmp_path / "cases.yaml"
    text.write_text(TEXT)
    cases.write_text(CASES)
    return text, cases


def test_policies_are_shown_and_changed(prepared: Prepared, files: tuple[Path, Path]) -> None:
    before = prepared.facts("policy", "show", prepared.app_id)
    assert before["version"] is None
    assert "everybody" in before["text"]
    made = prepared.facts("policy", "set", prepared.app_id, str(files[0]))
    assert made == {
        "application_id": prepared.app_id,
        "version": 1,
        "waits_to_be_confirmed": False,
    }
    assert prepared.run("policy", "show", prepared.app_id).stdout == TEXT


def test_a_change_says_what_it_replaces(prepared: Prepared, files: tuple[Path, Path]) -> None:
    change = ("policy", "set", prepared.app_id, str(files[0]), "--replaces")
    assert prepared.facts(*change, "0")["version"] == 1
    refused = prepared.run(*change, "0")
    assert refused.exit_code == 1
    assert "decide anew" in refused.stderr
    assert prepared.facts(*change, "1")["version"] == 2


def test_a_change_waits_where_the_app_says_so(prepared: Prepared, files: tuple[Path, Path]) -> None:
    def wait(unit: Unit) -> None:
        known = application_of(unit, prepared.app_id)
        terms = PolicyTerms(confirmation=Confirmation.SECOND_ADMIN)
        unit.applications.save(
            replace(known, settings=replace(known.settings, policy_changes=terms))
        )

    prepared.do(wait)
    made = prepared.facts("policy", "set", prepared.app_id, str(files[0]))
    assert made["waits_to_be_confirmed"] is True
    assert prepared.facts("policy", "show", prepared.app_id)["version"] is None


def test_what_a_change_needs_is_asked_for_more_at_once_and_for_less_later(
    prepared: Prepared,
) -> None:
    def terms(*options: str) -> tuple[str, str | None]:
        found = prepared.facts("policy", "terms", prepared.app_id, *options)
        return found["needs"], found["waits_to_be_confirmed"]

    assert terms() == ("none", None)
    assert terms("--needs", "delay", "--delay-hours", "2") == ("delay of 2 hours", None)
    assert terms("--delay-hours", "3") == ("delay of 3 hours", None)
    assert terms("--needs", "none") == ("delay of 3 hours", "none")
    assert terms() == ("delay of 3 hours", "none")
    assert prepared.run("policy", "terms", prepared.app_id, "--delay-hours", "0").exit_code != 0


def test_policies_that_were_changed_from_outside_are_neither_shown_nor_tried(
    prepared: Prepared, tmp_path: Path
) -> None:
    cases = tmp_path / "cases.yaml"

    def point(unit: Unit) -> None:
        known = application_of(unit, prepared.app_id)
        unit.applications.save(replace(known, policy_version=7))

    prepared.do(point)
    assert "everything is forbidden" in prepared.refused("policy", "show", prepared.app_id)
    cases.write_text("cases: [{name: anybody, expect: permit}]")
    said = prepared.refused("policy", "test", str(cases), "--app", prepared.app_id)
    assert "everything is forbidden" in said


def test_cases_are_tried_on_a_file_without_an_installation(
    empty: CommandLine, files: tuple[Path, Path]
) -> None:
    text, cases = map(str, files)
    done = empty.run("policy", "test", cases, "--policies", text, "--json", installation=False)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == [
        {"case": "a plain user", "said": "permit", "deciding": "everybody", **PLAIN},
        {"case": "an owner", "said": "permit", "deciding": "everybody, owners", **PLAIN},
        {"case": "a vip", "said": "forbid", "deciding": "vip", **PLAIN},
    ]


def test_cases_say_which_single_changes_nobody_decides_about(
    empty: CommandLine, tmp_path: Path
) -> None:
    text, cases = tmp_path / "app.cedar", tmp_path / "cases.yaml"
    text.write_text(LETS)
    cases.write_text(LET)
    words = ("policy", "test", str(cases), "--policies", str(text), "--json")
    done = empty.run(*words, installation=False)
    assert done.exit_code == 1
    assert [(row["unlocks"], row["differs"]) for row in json.loads(done.stdout)] == [
        ("POST /notes, PUT /orders/{id}/note", None),
        ("POST /notes, PUT /orders/7/note", None),
        (None, "unlocks is none, not POST /notes"),
    ]


def test_a_case_that_is_decided_otherwise_fails_and_says_how(
    prepared: Prepared, files: tuple[Path, Path]
) -> None:
    done = prepared.run("policy", "test", str(files[1]), "--app", prepared.app_id, "--json")
    assert done.exit_code == 1
    assert [row["differs"] for row in json.loads(done.stdout)] == [
        None,
        "minutes is None, not 10; approvers is none, not approver, admin; decided by everybody",
        "it is a permit; decided by everybody",
    ]


@pytest.mark.parametrize(
    ("cases", "why"),
    [
        ("cases: []", "length >= 1"),
        ("cases: [{name: a, expect: permit, subjekt: {}}]", "unknown field `subjekt`"),
        ("cases: [{name: a, expect: maybe}]", "maybe"),
        ("{", "cases.yaml"),
    ],
)
def test_a_file_of_something_else_is_refused(
    empty: CommandLine, files: tuple[Path, Path], cases: str, why: str
) -> None:
    files[1].write_text(cases)
    words = ("policy", "test", str(files[1]), "--policies", str(files[0]))
    said = empty.refused(*words, installation=False)
    assert why in said
    assert said.endswith("[invalid_input]")


def test_what_cannot_be_read_or_held_to_is_refused(
    prepared: Prepared, files: tuple[Path, Path]
) -> None:
    text, cases = map(str, files)
    nowhere = f"{text}.gone"
    for words in (
        ("policy", "set", prepared.app_id, nowhere),
        ("policy", "test", cases, "--policies", nowhere),
        ("policy", "test", nowhere, "--policies", text),
        ("policy", "test", cases),
        ("policy", "test", cases, "--policies", text, "--app", prepared.app_id),
    ):
        assert prepared.refused(*words).endswith("[invalid_input]")
    files[0].write_text("permit (")
    said = prepared.refused("policy", "set", prepared.app_id, text)
    assert "unexpected end of input" in said
    assert prepared.refused("policy", "set", "app_nobody", text).endswith("[not_found]")


GROUPED = (
    ALL + '@id("led") @approvers("group:leads") permit (principal, action, resource)'
    ' when { resource.tags.contains("vip") && principal.groups.contains("billing") };\n'
)
GROUPED_CASES = """
cases:
- name: a tagged user, for billing
  expect: permit
  actor: {groups: [billing]}
  subject: {tags: [VIP]}
  deciding: [everybody, led]
  limits: {approvals: 1, approvers: ["group:leads"]}
- name: a tagged user, for others
  expect: permit
  actor: {groups: [second-line]}
  subject: {tags: [vip]}
  deciding: [everybody]
  limits: {approvals: 0, approvers: []}
"""


def test_cases_have_groups_and_tags(empty: CommandLine, tmp_path: Path) -> None:
    text, cases = tmp_path / "app.cedar", tmp_path / "cases.yaml"
    text.write_text(GROUPED)
    cases.write_text(GROUPED_CASES)
    done = empty.run("policy", "test", str(cases), "--policies", str(text), "--json")
    assert [row["differs"] for row in json.loads(done.stdout)] == [None, None]
    cases.write_text(GROUPED_CASES.replace("[second-line]", "[Second line]"))
    done = empty.run("policy", "test", str(cases), "--policies", str(text))
    assert done.exit_code != 0
    assert "name of a group" in done.output
