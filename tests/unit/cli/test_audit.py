from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Prepared
from understudy.core.notices.events import EventType


def _exported(prepared: Prepared, *words: str) -> Path:
    file = prepared.folder / "log.ndjson"
    done = prepared.run("audit", "export", "--output", str(file), *words)
    assert done.exit_code == 0, done.output
    assert f"understudy audit verify {file} --key '" in done.stderr
    return file


def test_the_newest_entries_are_listed_first(prepared: Prepared) -> None:
    prepared.facts(*prepared.impersonate("ada", "--ticket", "T-1"))
    rows = prepared.facts("audit", "list")
    assert [row["index"] for row in rows] == list(range(len(rows) - 1, -1, -1))
    assert rows[0] == {
        "index": len(rows) - 1,
        "time": rows[0]["time"],
        "type": "grant.created",
        "actor": "sam@support.example",
        "subject": "ada",
        "outcome": "ok",
        "reason": "Cannot find the reports tab",
    }
    assert rows[-1]["actor"] == "system"
    assert rows[-2]["actor"] == "command line"


def test_the_list_can_be_narrowed(prepared: Prepared) -> None:
    prepared.run(*prepared.impersonate("vip"))
    denied = prepared.facts("audit", "list", "--type", "grant.denied")
    assert [row["outcome"] for row in denied] == ["subject_protected"]
    both = ("--type", "grant.denied", "--type", "subjects.imported")
    assert len(prepared.facts("audit", "list", *both)) == 2
    assert prepared.facts("audit", "list", "--app", "app_other") == []
    assert len(prepared.facts("audit", "list", "--limit", "2")) == 2
    assert "No entry matches." in prepared.run("audit", "list", "--session", "ses_x").stderr


def test_ids_are_printed_whole_for_whatever_reads_a_pipe(prepared: Prepared) -> None:
    prepared.run(*prepared.impersonate("ada", "--reason", "A long reason, " * 40))
    lines = prepared.run("audit", "list").stdout.splitlines()
    assert "A long reason, " * 39 in lines[1]


@pytest.mark.parametrize("words", [("--type", "nothing.such"), ("--limit", "0")])
def test_what_cannot_be_asked_is_said_by_the_usage(
    prepared: Prepared, words: tuple[str, ...]
) -> None:
    assert prepared.run("audit", "list", *words).exit_code == 2


def test_an_export_is_itself_an_entry(prepared: Prepared) -> None:
    _exported(prepared, "--type", "grant.created", "--since", "2026-01-01")
    newest = prepared.do(lambda unit: unit.entries.get(unit.entries.size() - 1))
    assert newest.type == EventType.AUDIT_EXPORTED
    assert newest.core["details"]["format"] == "ndjson"
    assert newest.personal["actor_name"] == "command line"


def test_an_export_goes_to_standard_output_as_bytes(prepared: Prepared) -> None:
    done = prepared.run("audit", "export", "--format", "csv")
    assert done.exit_code == 0
    assert done.stdout.startswith("\ufeffindex,")
    assert "understudy audit verify" not in done.stderr


@pytest.mark.parametrize(
    ("kind", "start"),
    [("ocsf", '{"activity_id":'), ("ecs", '{"@timestamp":'), ("cef", "CEF:0|Understudy|")],
)
def test_an_export_for_a_siem_has_a_line_for_each_entry_its_own_among_them(
    prepared: Prepared, kind: str, start: str
) -> None:
    file = prepared.folder / f"log.{kind}"
    done = prepared.run("audit", "export", "--format", kind, "--output", str(file))
    lines = file.read_text().splitlines()
    assert all(line.startswith(start) for line in lines)
    assert "audit.exported" in lines[-1]
    assert done.stderr == f"{len(lines):,} lines written.\n"
    assert len(prepared.facts("audit", "list", "--limit", "100")) == len(lines)


def test_an_export_to_a_file_that_cannot_be_written_is_refused(prepared: Prepared) -> None:
    said = prepared.refused("audit", "export", "--output", str(prepared.folder))
    assert "cannot be written" in said


def test_a_receipt_names_its_leaf_and_the_keys(prepared: Prepared) -> None:
    facts = prepared.facts("audit", "receipt", "2")
    assert set(facts) == {"index", "leaf", "receipt", "verifier_keys"}
    assert facts["index"] == 2
    assert facts["receipt"].startswith("c2sp.org/tlog-proof@v1\n")
    file = prepared.folder / "entry.tlog-proof"
    assert prepared.run("audit", "receipt", "2", "--output", str(file)).exit_code == 0
    assert file.read_text() == facts["receipt"]


def test_there_is_no_receipt_for_an_entry_that_is_not_there(prepared: Prepared) -> None:
    said = prepared.refused("audit", "receipt", "99")
    assert said == "The log has no entry 99. [not_found]"


def test_a_checkpoint_goes_to_standard_output_and_the_key_beside_it(prepared: Prepared) -> None:
    done = prepared.run("audit", "checkpoint")
    assert done.stdout.splitlines()[1] == "5"
    assert done.stderr.startswith("key: understudy.local/")


def test_erasing_is_counted_and_the_log_still_verifies(prepared: Prepared) -> None:
    prepared.facts(*prepared.impersonate("ada", "--reason", "Cardiology invoice question"))
    words = ("audit", "erase", "--subject", "ada", "--app", prepared.app_id)
    assert prepared.facts(*words) == {"entries": 1, "grants": 1}
    assert "Cardiology" not in prepared.run("audit", "list").stdout
    assert prepared.facts("audit", "verify")["ok"] is True
    done = prepared.run("audit", "verify")
    assert "erased, each covered by an entry: 1 personal halves" in done.stdout


@pytest.mark.parametrize("subject_id", ["nobody", "[/x]"])
def test_erasing_nobody_is_refused(prepared: Prepared, subject_id: str) -> None:
    said = prepared.refused("audit", "erase", "--subject", subject_id, "--app", prepared.app_id)
    assert subject_id in said
    assert prepared.app_id in prepared.refused(
        "audit", "erase", "--subject", "ada", "--app", "app_nobody"
    )
