"""The entry half of verification: leaf, payloads, columns and erasures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from understudy.audit.entries.erasure import Erasure
from understudy.audit.entries.findings import FindingCode, Findings
from understudy.audit.entries.leaf import Json, Leaf, Part, commitment_to, parse_payload
from understudy.audit.entries.log import DERIVED_COLUMNS, EntryRow, derived_columns
from understudy.audit.entries.missing import MissingPayloads
from understudy.core.notices.events import EventType
from understudy.errors import AuditError

_FIRST_DERIVED = EntryRow._fields.index(DERIVED_COLUMNS[0])
_DERIVED = slice(_FIRST_DERIVED, _FIRST_DERIVED + len(DERIVED_COLUMNS))


@dataclass(kw_only=True)
class EntryCheck:
    """Entries verified one by one, and in the end the payloads that nobody accounted for."""

    findings: Findings
    erased: dict[Part, int] = field(default_factory=lambda: dict.fromkeys(Part, 0))
    _missing: MissingPayloads = field(default_factory=MissingPayloads)

    def take(self, row: EntryRow, *, withheld: bool) -> None:
        """Verify one entry. What is missing from a withheld one is no concern."""
        try:
            leaf = Leaf.from_bytes(row.leaf)
        except AuditError as malformed:
            self.findings.add(FindingCode.LEAF_MALFORMED, row.index, malformed.detail)
            return
        core = self._open(row.index, Part.CORE, row.core_json, row.core_salt, leaf.core)
        self._open(row.index, Part.PERSONAL, row.personal_json, row.personal_salt, leaf.personal)
        if core is not None or row.core_json is None:
            self._check_columns(row, leaf, core)
        if leaf.type == EventType.AUDIT_ERASED:
            self._account(row.index, core)
        self._missing.see(
            row.index,
            core=not withheld and row.core_json is row.core_salt is None,
            personal=not withheld and row.personal_json is row.personal_salt is None,
        )

    def finish(self) -> None:
        """Raise an alarm for every missing payload that no logged erasure covers."""
        self.erased = {Part.CORE: self._missing.core, Part.PERSONAL: self._missing.personal}
        for index, part in self._missing.unaccounted():
            self.erased[part] -= 1
            self.findings.add(
                FindingCode.PAYLOAD_MISSING, index, f"the {part} payload is gone without an erasure"
            )

    def _open(
        self, index: int, part: Part, data: bytes | None, salt: bytes | None, commitment: bytes
    ) -> Mapping[str, Json] | None:
        """The payload if it is there and is the one that was committed to."""
        if data is None and salt is None:
            return None
        if data is None or salt is None:
            self.findings.add(
                FindingCode.PAYLOAD_INCOMPLETE, index, f"the {part} part has half of payload, salt"
            )
            return None
        try:
            if commitment_to(data, salt, part) == commitment:
                return parse_payload(data)
        except AuditError as malformed:
            self.findings.add(FindingCode.PAYLOAD_MALFORMED, index, f"{part}: {malformed.detail}")
            return None
        self.findings.add(
            FindingCode.PAYLOAD_MISMATCH, index, f"the {part} payload was changed afterwards"
        )
        return None

    def _check_columns(self, row: EntryRow, leaf: Leaf, core: Mapping[str, Json] | None) -> None:
        stored, expected = tuple(row)[_DERIVED], derived_columns(leaf, core)
        if core is None:
            # A node of release 0.1 erases without this column; nothing is found by it any more.
            stored = tuple(row._replace(doer_ref=None))[_DERIVED]
        if stored != expected:
            pairs = zip(DERIVED_COLUMNS, stored, expected, strict=True)
            names = ", ".join(name for name, one, other in pairs if one != other)
            self.findings.add(
                FindingCode.COLUMN_MISMATCH, row.index, f"not what the entry says: {names}"
            )

    def _account(self, index: int, core: Mapping[str, Json] | None) -> None:
        try:
            if core is None:
                raise AuditError("the record of an erasure is itself gone")
            erasure = Erasure.from_details(core.get("details"))
            if erasure.ranges[-1][1] >= index:
                raise AuditError("an erasure lies after what it erased")
        except AuditError as unreadable:
            self.findings.add(FindingCode.ERASURE_UNREADABLE, index, unreadable.detail)
        else:
            self._missing.account_for(erasure)
