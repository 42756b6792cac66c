from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Prepared
from understudy.audit.tlog.note import Signer


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


def test_a_narrowed_export_withholds_and_still_verifies(prepared: Prepared) -> None:
    prepared.facts(*prepared.impersonate())
    file = _exported(prepared, "--type", "grant.created")
    assert b"ada@acme.example" in file.read_bytes()
    assert b"Invoices" not in file.read_bytes()
    done = prepared.run("audit", "verify", str(file), installation=False)
    assert done.exit_code == 0
    assert "withheld by the export's filter" in done.stdout


def test_an_auditor_with_the_old_key_and_an_old_checkpoint_verifies_after_a_rotation(
    prepared: Prepared,
) -> None:
    kept, old = _checkpoint(prepared)
    new = prepared.facts("keys", "rotate", "--overlap-hours", "0")["log_verifier_key"]
    newest = prepared.facts("keys", "rotate", "--overlap-hours", "0")["log_verifier_key"]
    prepared.facts(*prepared.impersonate())
    for words in ((), ("--type", "grant.created")):
        file = _exported(prepared, *words)
        for key in (old, new, newest):
            verify = ("audit", "verify", str(file), "--key", key, "--checkpoint", str(kept))
            done = prepared.run(*verify, installation=False)
            assert done.exit_code == 0, done.output
    done = prepared.run("audit", "verify", str(file), "--key", new, "--key", old)
    assert done.exit_code == 0, done.output


def test_a_key_that_never_signed_leads_nowhere(prepared: Prepared) -> None:
    stranger = Signer(name="understudy.local/other", seed=bytes(32)).verifier.to_text()
    prepared.facts("keys", "rotate", "--overlap-hours", "0")
    file = _exported(prepared)
    done = prepared.run("audit", "verify", str(file), "--key", stranger, "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert [finding["code"] for finding in report["findings"]] == ["head_invalid"]


def test_a_handover_that_was_changed_leads_nowhere(prepared: Prepared) -> None:
    _, old = _checkpoint(prepared)
    prepared.facts("keys", "rotate", "--overlap-hours", "0")
    file = _exported(prepared)
    file.write_bytes(file.read_bytes().replace(b'"signs_from_ms":1', b'"signs_from_ms":2'))
    done = prepared.run("audit", "verify", str(file), "--key", old, "--json", installation=False)
    assert done.exit_code == 1
    codes = {finding["code"] for finding in json.loads(done.stdout)["findings"]}
    assert {"head_invalid", "payload_mismatch"} <= codes
