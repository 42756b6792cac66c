"""What verification found: each finding with a stable code and, where one is to blame, an entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from understudy.audit.tlog.checkpoint import Checkpoint

MAX_FINDINGS = 1_000
"""Findings about single entries that a report lists; the rest is counted."""


class FindingCode(StrEnum):
    """Everything that can be wrong with a log."""

    HEAD_MISSING = "head_missing"
    HEAD_INVALID = "head_invalid"
    ROOT_MISMATCH = "root_mismatch"
    ROOT_UNKNOWN = "root_unknown"
    LOG_TRUNCATED = "log_truncated"
    HISTORY_REWRITTEN = "history_rewritten"
    TILE_MISMATCH = "tile_mismatch"
    ENTRY_MISSING = "entry_missing"
    ENTRY_OUT_OF_ORDER = "entry_out_of_order"
    ENTRY_UNSIGNED = "entry_unsigned"
    LEAF_MALFORMED = "leaf_malformed"
    LEAF_MISMATCH = "leaf_mismatch"
    PAYLOAD_MISSING = "payload_missing"
    PAYLOAD_INCOMPLETE = "payload_incomplete"
    PAYLOAD_MALFORMED = "payload_malformed"
    PAYLOAD_MISMATCH = "payload_mismatch"
    COLUMN_MISMATCH = "column_mismatch"
    ERASURE_UNREADABLE = "erasure_unreadable"
    WITHHELD_UNASKED = "withheld_unasked"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong. ``index`` is None when it concerns the log as a whole."""

    code: FindingCode
    index: int | None
    message: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of verifying a log.

    ``head`` is None when no valid checkpoint was there. ``findings`` are those of the log first,
    then by index; ``more`` counts those left out.
    """

    origin: str
    head: Checkpoint | None
    entries: int
    erased_core: int
    erased_personal: int
    withheld: int
    findings: tuple[Finding, ...]
    more: int

    @property
    def ok(self) -> bool:
        """Whether everything verifies."""
        return not self.findings


@dataclass(kw_only=True)
class Findings:
    """Collects findings, at most `MAX_FINDINGS` about entries; those about the log all stay."""

    more: int = 0
    _of_log: list[Finding] = field(default_factory=list)
    _of_entries: list[Finding] = field(default_factory=list)

    def add(self, code: FindingCode, index: int | None, message: str) -> None:
        """Keep a finding, or count it."""
        kept = self._of_log if index is None else self._of_entries
        if index is not None and len(kept) >= MAX_FINDINGS:
            self.more += 1
        else:
            kept.append(Finding(code=code, index=index, message=message))

    def in_order(self) -> tuple[Finding, ...]:
        """What was kept, sorted."""
        by_place = sorted(self._of_entries, key=lambda finding: (finding.index or 0, finding.code))
        return (*self._of_log, *by_place)
