"""JSON objects, each exactly one line, whatever reads the lines."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.audit.entries.leaf import Json, canonical_json
from understudy.audit.exports.facts import Facts
from understudy.core.ports import Entry

# JSON allows these as they are, and readers of lines disagree about where they break one.
_BREAKS = {ord(char): f"\\u{ord(char):04x}" for char in "\x7f\x85\u2028\u2029"}


def json_line(value: Mapping[str, Json]) -> bytes:
    """The canonical JSON of ``value`` (RFC 8785) with every line separator escaped, and one end.

    :raises AuditError: for what has no canonical JSON here.
    """
    return canonical_json(dict(value)).decode().translate(_BREAKS).encode() + b"\n"


def entry_line(entry: Entry) -> bytes:
    """An entry as it is, without its salts: what was said, not the proof that it was.

    Erased halves are null.

    :raises AuditError: for an entry that could never have been appended.
    """
    return json_line(
        {
            "index": entry.index,
            "time_ms": Facts.of(entry).time_ms,
            "type": entry.type,
            "leaf": entry.leaf.decode(),
            "core": entry.core,
            "personal": entry.personal,
        }
    )
