"""Files written by version 1 of the formats: every later version has to read them."""

from __future__ import annotations

from pathlib import Path

from understudy.audit.entries.leaf import Leaf
from understudy.audit.exports.ndjson import ExportReader, verify_export
from understudy.audit.tlog.checkpoint import open_checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.receipt import Receipt

VECTORS = Path(__file__).parents[2] / "vectors/audit"
VERIFIER = Verifier.from_text((VECTORS / "key_v1.txt").read_text(encoding="utf-8").strip())
ORIGIN = "log.example/understudy"


def test_an_export_of_version_1_verifies() -> None:
    note = (VECTORS / "checkpoint_v1.txt").read_bytes()
    older = open_checkpoint(note, verifier=VERIFIER, origin=ORIGIN)
    with (VECTORS / "export_v1.ndjson").open("rb") as file:
        report = verify_export(ExportReader(file), verifier=VERIFIER, older=[older])
    assert report.findings == ()
    assert (report.entries, report.erased_core, report.erased_personal) == (8, 2, 3)
    assert (older.size, report.head and report.head.size) == (5, 8)


def test_lines_of_version_1_print_as_they_were() -> None:
    with (VECTORS / "export_v1.ndjson").open("rb") as file:
        reader = ExportReader(file)
        lines = [reader.header.to_line(), *(entry.to_line() for entry in reader.entries())]
    assert b"".join(lines) == (VECTORS / "export_v1.ndjson").read_bytes()


def test_a_receipt_of_version_1_verifies() -> None:
    data = (VECTORS / "receipt_v1.tlog-proof").read_bytes()
    receipt = Receipt.from_bytes(data)
    leaf = receipt.unverified_extra or b""
    assert receipt.verify(leaf, verifier=VERIFIER, origin=ORIGIN).size == 8
    assert Leaf.from_bytes(leaf).type == "action.completed"
    assert receipt.to_bytes() == data
