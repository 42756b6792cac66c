from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Prepared
from understudy.core.notices.events import EventType


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


def _exported(prepared: Prepared, *words: str) -> Path:
    file = prepared.folder / "log.ndjson"
    done = prepared.run("audit", "export", "--output", str(file), *words)
    assert done.exit_code == 0, done.output
    assert f"understudy audit verify {file} --key '" in done.stderr
    return file


def _checkpoint(prepared: Prepared) -> tuple[Path, str]:
    facts = prepared.facts("audit", "checkpoint")
    assert set(facts) == {"checkpoint", "verifier_keys"}
    kept = prepared.folder / "checkpoint"
    kept.write_text(facts["checkpoint"])
    return kept, facts["verifier_keys"][-1]


def test_the_log_verifies_and_says_how_much_of_it(prepared: Prepared) -> None:
    report = prepared.facts("audit", "verify")
    assert report["ok"] is True
    assert report["findings"] == []
    assert report["key_was_given"] is False
    assert report["entries"] == 5
    done = prepared.run("audit", "verify")
    assert done.exit_code == 0
    assert "verified: 5 entries" in done.stdout
    assert "--key" in done.stderr


def test_an_export_verifies_offline_with_the_key_and_a_kept_checkpoint(
    prepared: Prepared,
) -> None:
    kept, key = _checkpoint(prepared)
    file = _exported(prepared)
    words = ("audit", "verify", str(file), "--key", key, "--checkpoint", str(kept))
    done = prepared.run(*words, installation=False)
    assert done.exit_code == 0, done.output
    assert "verified: 6 entries" in done.stdout
    assert "note:" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"sam@support.example", b"kim@support.example", "payload_mismatch"),
        (b'"operator.joined"', b'"operator.invited"', None),
    ],
)
def test_a_changed_export_is_not_verified_and_exits_with_1(
    prepared: Prepared, old: bytes, new: bytes, code: str | None
) -> None:
    file = _exported(prepared)
    raw = file.read_bytes()
    if old not in raw:
        raw = raw.replace(b'"index":3', b'"index":4', 1)
    file.write_bytes(raw.replace(old, new))
    done = prepared.run("audit", "verify", str(file), "--json", installation=False)
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["ok"] is False
    codes = {finding["code"] for finding in report["findings"]}
    assert codes >= ({code} if code else set())
    for_people = prepared.run("audit", "verify", str(file), installation=False)
    assert for_people.exit_code == 1
    assert "NOT VERIFIED" in for_people.stdout
    assert "entry " in for_people.stderr


def test_a_shortened_export_is_not_verified(prepared: Prepared) -> None:
    file = _exported(prepared)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]))
    done = prepared.run("audit", "verify", str(file), "--json", installation=False)
    assert done.exit_code == 1


def test_another_installations_key_or_checkpoint_does_not_fit(
    prepared: Prepared, tmp_path: Path
) -> None:
    other = Prepared(folder=tmp_path / "other", app_id="", secret="")
    other.folder.mkdir()
    kept, key = _checkpoint(other)
    file = _exported(prepared)
    for words in (("--key", key), ("--checkpoint", str(kept))):
        done = prepared.run("audit", "verify", str(file), *words, installation=False)
        assert done.exit_code == 1
        assert "Traceback" not in done.output
    assert "never signed" in prepared.refused("audit", "verify", "--key", key)
    assert prepared.run("audit", "verify", "--checkpoint", str(kept)).exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.ndjson",), "cannot be read"),
        (("users.csv",), "not JSON"),
        (("log.ndjson", "--key", "garbage"), "key"),
        (("log.ndjson", "--checkpoint", "nowhere"), "cannot be read"),
        (("log.ndjson", "--checkpoint", "users.csv"), "note"),
    ],
)
def test_what_cannot_be_verified_at_all_is_said_in_a_sentence(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    _exported(prepared)
    monkeypatch.chdir(prepared.folder)
    assert said in prepared.refused("audit", "verify", *words, installation=False)


def test_a_database_that_was_changed_by_hand_is_found(prepared: Prepared) -> None:
    import sqlite3

    with sqlite3.connect(prepared.data_dir / "understudy.db") as raw:
        raw.execute("UPDATE log_entries SET personal = replace(personal, 'sam@', 'kim@')")
    raw.close()
    done = prepared.run("audit", "verify", "--json")
    assert done.exit_code == 1
    codes = {finding["code"] for finding in json.loads(done.stdout)["findings"]}
    assert "payload_mismatch" in codes


def test_an_export_is_itself_an_entry(prepared: Prepared) -> None:
    _exported(prepared, "--type", "grant.created", "--since", "2026-01-01")
    newest = prepared.do(lambda unit: unit.entries.get(unit.entries.size() - 1))
    assert newest.type == EventType.AUDIT_EXPORTED
    assert newest.core["details"]["format"] == "ndjson"
    assert newest.personal["actor_name"] == "command line"


def test_a_narrowed_export_withholds_and_still_verifies(prepared: Prepared) -> None:
    prepared.facts(*prepared.impersonate())
    file = _exported(prepared, "--type", "grant.created")
    assert b"ada@acme.example" in file.read_bytes()
    assert b"Invoices" not in file.read_bytes()
    done = prepared.run("audit", "verify", str(file), installation=False)
    assert done.exit_code == 0
    assert "withheld by the export's filter" in done.stdout


def test_an_export_goes_to_standard_output_as_bytes(prepared: Prepared) -> None:
    done = prepared.run("audit", "export", "--format", "csv")
    assert done.exit_code == 0
    assert done.stdout.startswith("index,")
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
