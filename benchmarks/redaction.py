"""What it takes to hide fields of 200 KB of JSON, against a bare decode and encode of the same.

Processor time: the best of many short rounds, since neighbours can only make it longer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import orjson

from benchmarks.rounds import best, interleaved, microseconds
from benchmarks.row import Row
from benchmarks.scale import Scale
from understudy.core.redaction.rules import Redaction, RedactionRule, RuleKind
from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.json_body import hidden_in_answer
from understudy.sdk.redaction.line_body import LineBody

NAMES = (
    "redaction-nothing",
    "redaction-names",
    "redaction-detectors",
    "redaction-path",
    "redaction-stream",
)
BYTES = 200_000
_SPELLED = ("email", "phone", "iban", "zip")
_IBAN = "DE89370400440532013000"
PART = 16 * 1024
MARKED = 50
"""In one of so many records detectors find two things in a text beside the named fields."""
_TIMES = 8
_BARS = {"nothing": 0.8, "names": 2.0, "detectors": 12.0, "path": 11.0, "stream": 11.0}
_WHAT = {
    "nothing": "200 KB of JSON in which four names, secrets and four detectors find nothing",
    "names": "the same with four names in each record, and in one of 50 a text for detectors",
    "detectors": "the same with two things for detectors in a text of each record",
    "path": "the same with a path of four names, which is there in each record",
    "stream": "the same as lines, in parts of 16 KB, with two names in each",
}


def _ruled(*rules: tuple[RuleKind, str]) -> Rulings:
    made = (RedactionRule(kind=kind, match=match) for kind, match in rules)
    return Rulings(Redaction(secrets=True, rules=tuple(made)))


_LOOKS = tuple((RuleKind.DETECTOR, look) for look in ("email", "phone", "iban", "card"))
_FIELDS = tuple((RuleKind.FIELD, name) for name in _SPELLED)


def rows(scale: Scale) -> Iterator[Row]:
    """Nothing to hide, names, detectors, a path, and lines as they stream by."""
    times = _TIMES if scale.peers else 1
    ours = {name: partial(microseconds, work, times) for name, work in _works().items()}
    found = best(interleaved(scale.short_rounds, ours))
    for name, bar in _BARS.items():
        bare = found["bare lines" if name == "stream" else f"bare {name}"]
        yield Row(
            name=f"redaction-{name}",
            what=_WHAT[name],
            unit="of a bare orjson decode and encode",
            value=found[name] / bare,
            at_most=bar,
        )


def _works() -> Mapping[str, Callable[[], object]]:
    named = _ruled(*_FIELDS, *_LOOKS)
    bodies = {
        "nothing": (_body(renamed=True), named),
        "names": (_body(marked=MARKED), named),
        "detectors": (_body(marked=1, renamed=True), _ruled(*_LOOKS)),
        "path": (_body(), _ruled((RuleKind.PATH, "results.*.address.zip"))),
    }
    works: dict[str, Callable[[], object]] = {}
    for name, (body, rulings) in bodies.items():
        works[name] = partial(hidden_in_answer, body, rulings)
        works[f"bare {name}"] = partial(_bare, body)
    lines = _lines()
    works["stream"] = partial(_streamed, lines, _ruled(*_FIELDS[:2], *_LOOKS))
    works["bare lines"] = partial(_bare_lines, lines)
    return works


def _bare(body: bytes) -> bytes:
    return orjson.dumps(orjson.loads(body))


def _bare_lines(lines: bytes) -> bytes:
    return b"\n".join([_bare(line) for line in lines.splitlines()])


def _streamed(lines: bytes, rulings: Rulings) -> None:
    looked = LineBody(partial(hidden_in_answer, rulings=rulings))
    for start in range(0, len(lines), PART):
        looked.part(lines[start : start + PART], more=True)
    looked.part(b"", more=False)


def _body(*, marked: int = 0, renamed: bool = False) -> bytes:
    records = _records(marked, renamed=renamed)
    return b'{"count":%d,"results":[%s]}' % (len(records), b",".join(records))


def _lines() -> bytes:
    return b"\n".join(_records(0)) + b"\n"


def _records(marked: int, *, renamed: bool = False) -> list[bytes]:
    """Records of 200 KB; of ``marked`` one has an address and a number in its texts."""
    made: list[bytes] = []
    while sum(map(len, made)) < BYTES - len(made):
        number = len(made)
        record = _record(number, bool(marked) and number % marked == 0, renamed=renamed)
        made.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())
    return made


def _record(number: int, has_mark: bool, *, renamed: bool) -> dict[str, Any]:
    mail, phone, iban, code = ("contact", "extension", "reference", "area") if renamed else _SPELLED
    place = f"ask user{number}@example.test" if has_mark else "ask at the front desk"
    called = f"called from +49 30 {number:07}" if has_mark else "called from the office"
    return {
        "id": 10**17 + number * 7919,
        "name": f"{('Ada', 'Zoë', '李雷')[number % 3]} {number}",
        mail: f"user{number} at example" if renamed else f"user{number}@example.test",
        phone: f"{number}" if renamed else f"+49 30 {number:07}",
        "created_at": f"2026-03-{number % 28 + 1:02}T10:11:12.123456Z",
        "balance": number + 0.25,
        "tags": ["a", "vip", f"b{number}"],
        "address": {"street": f"Main St {number}", code: f"{number:05}", "city": "Berlin"},
        "plan": {"name": "pro", "seats": number % 50, "active": True, "trial_end": None},
        "note": f'line1\nsaid "hi" to the team about order {number}, {place}, {called}',
        "payment": {
            "last4": f"{number % 10_000:04}",
            iban: None if renamed or number % 9 else _IBAN,
        },
        "updated": 1_790_000_000_000 + number,
    }
