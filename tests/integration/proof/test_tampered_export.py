"""Somebody changes an export on its way: verification says that, and where, offline."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.integration.proof.process import verified
from tests.integration.proof.written_log import WrittenLog
from understudy.audit.entries.findings import FindingCode
from understudy.audit.entries.leaf import canonical_json
from understudy.audit.exports.ndjson import ExportReader, verify_export
from understudy.audit.tlog.checkpoint import Checkpoint, unverified_checkpoint
from understudy.audit.tlog.note import Verifier
from understudy.core.notices.events import EventType
from understudy.core.ports import EntryFilter
from understudy.errors import AuditError
from understudy.storage.log.exports import ExportKind

FLIPS = 60
UNSIGNED = {"filter"}
"""What the header says of itself alone: entries that are withheld are counted in any case."""

Lines = list[bytes]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What verification said: which entries it named, and in which words."""

    ok: bool
    indexes: frozenset[int | None]
    text: str


def verdict(lines: Sequence[bytes], *older: Checkpoint) -> Verdict:
    """What somebody learns who trusts the key in the file, as nobody should."""
    try:
        reader = ExportReader(BytesIO(b"".join(lines)))
        verifier = Verifier.from_text(reader.header.unverified_key)
        report = verify_export(reader, verifier=verifier, older=older)
    except AuditError as error:
        line = re.match(r"line (\d+):", error.detail)
        return Verdict(
            ok=False,
            indexes=frozenset({int(line[1]) - 2 if line else None}),
            text=error.detail,
        )
    return Verdict(
        ok=report.ok,
        indexes=frozenset(finding.index for finding in report.findings),
        text=" ".join(finding.code for finding in report.findings),
    )


@pytest.fixture
def lines(finished_log: WrittenLog) -> Lines:
    """The header, then one line for each entry."""
    exported = finished_log.engine.export(ExportKind.NDJSON, EntryFilter())
    return list(exported)


def test_export_is_sound_and_goes_on_from_every_checkpoint_kept_before(
    finished_log: WrittenLog, lines: Lines
) -> None:
    older = map(unverified_checkpoint, (finished_log.early, finished_log.latest))
    assert verdict(lines, *older).text == ""
    assert len(lines) == finished_log.size + 1


def test_change_of_any_member_of_any_line_is_found_and_named(
    lines: Lines, chance: random.Random
) -> None:
    members = {name for line in lines[1:] for name in json.loads(line)}
    assert len(members) >= 6
    for name in sorted(members) * 6:
        # A changed leaf of an entry whose payload is erased leads to another root, and no more.
        places = [at for at in range(1, len(lines)) if is_plain(json.loads(lines[at]))]
        at = chance.choice(places)
        line = json.loads(lines[at])
        line[name] = another(line[name], chance)
        found = verdict(replaced(lines, at, line))
        assert not found.ok, (name, at)
        if at - 1 not in found.indexes:
            # A leaf that says the same of its entry is one as good as the other, but to the root.
            assert commits_to_the_same(json.loads(lines[at]), line), (name, at, found)
            assert "root_mismatch" in found.text, (name, at, found)


def test_change_of_any_member_of_the_header_is_found(lines: Lines, chance: random.Random) -> None:
    header = json.loads(lines[0])
    for name in sorted(header.keys() - UNSIGNED) * 6:
        changed = {**header, name: another(header[name], chance)}
        assert not verdict(replaced(lines, 0, changed)).ok, changed


def test_no_byte_can_change_unnoticed(lines: Lines, chance: random.Random) -> None:
    whole = b"".join(lines)
    for _ in range(FLIPS):
        at = chance.randrange(len(whole))
        changed = whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        assert not verdict([changed]).ok, at


def remove(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    del lines[at]
    return {at - 1}


def repeat(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    lines.insert(at + 1, lines[at])
    return {at - 1}


def swap(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return {at - 1}


def swap_contents(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    """Two entries change places and take the indexes that belong there."""
    one, other = json.loads(lines[at]), json.loads(lines[at + 1])
    one["index"], other["index"] = other["index"], one["index"]
    lines[at], lines[at + 1] = line_of(other), line_of(one)
    # Without tiles it is the root that tells, and it is of the whole log.
    return {None}


def remove_and_renumber(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    del lines[at]
    for place in range(at, len(lines)):
        lines[place] = line_of({**json.loads(lines[place]), "index": place - 1})
    return {len(lines) - 1, None}


def append_a_copy(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    lines.append(line_of({**json.loads(lines[at]), "index": len(lines) - 1}))
    return {len(lines) - 2}


def cut_off(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    del lines[at:]
    return {at - 1}


def cut_within_a_line(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    lines[at:] = [lines[at][: chance.randrange(1, len(lines[at]))]]
    return {at - 1}


def forget_a_name(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    line = json.loads(lines[at])
    del line["personal"], line["personal_salt"]
    lines[at] = line_of(line)
    return {at - 1}


def spell_otherwise(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    lines[at] = json.dumps(json.loads(lines[at])).encode() + b"\n"
    return {at - 1}


def say_it_twice(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    """A member that stands twice: of what is shown, readers take one, and verifiers the other."""
    lines[at] = lines[at].replace(b'{"core":', b'{"core":{"outcome":"denied"},"core":', 1)
    return {at - 1}


def withhold(lines: Lines, at: int, chance: random.Random) -> set[int | None]:
    line = json.loads(lines[at])
    lines[at] = line_of({"index": line["index"], "leaf": line["leaf"], "withheld": True})
    return {at - 1}


ATTACKS: tuple[Callable[[Lines, int, random.Random], set[int | None]], ...] = (
    remove,
    repeat,
    swap,
    swap_contents,
    remove_and_renumber,
    append_a_copy,
    cut_off,
    cut_within_a_line,
    forget_a_name,
    spell_otherwise,
    say_it_twice,
    withhold,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_lines_that_are_not_what_they_were_are_named(
    lines: Lines,
    attack: Callable[[Lines, int, random.Random], set[int | None]],
    chance: random.Random,
) -> None:
    plain = [at for at in range(1, len(lines) - 1) if is_plain(json.loads(lines[at]))]
    for at in chance.sample(plain, 3):
        changed = list(lines)
        blamed = attack(changed, at, chance)
        found = verdict(changed)
        assert not found.ok
        assert blamed <= found.indexes, (at, found)


def test_older_export_is_sound_until_somebody_remembers_more(finished_log: WrittenLog) -> None:
    older = finished_log.early_export
    assert verdict([older]).ok
    kept = unverified_checkpoint(finished_log.latest)
    assert verdict([older], kept).text == FindingCode.LOG_TRUNCATED


def test_command_line_names_the_entry(
    finished_log: WrittenLog, lines: Lines, tmp_path: Path, chance: random.Random
) -> None:
    told = [json.loads(line) for line in lines]
    plain = [at for at in range(1, len(lines)) if is_plain(told[at])]
    at = chance.choice([at for at in plain if told[at]["core"]["outcome"] != "failed"])
    line = told[at]
    line["core"]["outcome"] = "failed"
    file = tmp_path / "export.ndjson"
    file.write_bytes(b"".join(replaced(lines, at, line)))
    key = json.loads(lines[0])["key"]
    report = verified(finished_log.place, str(file), "--key", key)
    assert [(found["code"], found["index"]) for found in report["findings"]] == [
        (FindingCode.PAYLOAD_MISMATCH, at - 1)
    ]


def is_plain(line: dict[str, Any]) -> bool:
    """Whether the entry has all there is to take away, and is no erasure."""
    return "personal" in line and json.loads(line["leaf"])["type"] != EventType.AUDIT_ERASED


def commits_to_the_same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a leaf was changed in what stands nowhere else in an export: its type.

    Then the export as a whole is known to be false, and nothing says which line it is.
    """
    try:
        was, became = json.loads(before["leaf"]), json.loads(after["leaf"])
    except ValueError:
        return False
    same = was.keys() == became.keys() and was["type"] != became["type"]
    return same and all(was[name] == became[name] for name in was.keys() - {"type"})


def another(value: Any, chance: random.Random) -> Any:
    """A value of the same kind that is not the same."""
    if isinstance(value, int):
        return value + chance.choice((1, 2, 1000))
    if isinstance(value, dict):
        name = chance.choice(sorted(value)) if value else "outcome"
        return {**value, name: another(value.get(name, ""), chance)}
    at = chance.randrange(len(value)) if value else 0
    return value[:at] + chance.choice("bcd".replace(value[at : at + 1], "")) + value[at + 1 :]


def replaced(lines: Sequence[bytes], at: int, line: dict[str, Any]) -> Lines:
    return [*lines[:at], line_of(line), *lines[at + 1 :]]


def line_of(line: dict[str, Any]) -> bytes:
    return canonical_json(line) + b"\n"
