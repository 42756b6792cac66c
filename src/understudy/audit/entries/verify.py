"""Verification of a whole log, entry by entry, in memory that hardly grows with it.

Everything is recomputed from the entries: leaf hashes, tiles of every level, the signed root, each
payload and each column. What is wrong becomes a finding; only misuse raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from understudy.audit.entries.entry_check import EntryCheck
from understudy.audit.entries.findings import FindingCode, Findings, Report
from understudy.audit.entries.leaf import Part
from understudy.audit.entries.log import EntryRow, HeadReader, read_head
from understudy.audit.entries.tree_check import TreeCheck
from understudy.audit.tlog.checkpoint import Checkpoint
from understudy.audit.tlog.merkle import leaf_hash
from understudy.audit.tlog.note import Verifier
from understudy.audit.tlog.tile import TILE_WIDTH, TileReader, tile_width
from understudy.errors import AuditError, LogForked

Progress = Callable[[int], None]
"""Called after every 256 entries with the number read so far."""


class LogReader(HeadReader, TileReader, Protocol):
    """One unchanging view of a stored log, as a single read transaction gives it."""

    def rows(self) -> Iterator[EntryRow]:
        """Every entry, by rising index, wherever that begins."""
        ...

    def tile_places(self) -> Iterator[tuple[int, int]]:
        """Level and index of every tile."""
        ...


def verify_log(
    reader: LogReader,
    *,
    verifier: Verifier,
    origin: str,
    older: Sequence[Checkpoint],
    progress: Progress | None = None,
) -> Report:
    """Whether the stored log is whole, signed, and a continuation of every ``older`` checkpoint.

    The older checkpoints are verified ones: those of the high-water file, of receipts, of others.

    :raises LogForked: when an older checkpoint is of another log.
    """
    findings = Findings()
    signed = reader.head() is not None
    try:
        head = read_head(reader, verifier=verifier, origin=origin) if signed else None
    except AuditError as invalid:
        head = None
        findings.add(FindingCode.HEAD_INVALID, None, invalid.detail)
    reading = LogReading(
        origin=origin, head=head, tiles=reader, older=older, findings=findings, progress=progress
    )
    for row in reader.rows():
        reading.take(row)
    # A new log has neither; entries without a head are what is left when the head was taken away.
    if not signed and reading.entries:
        findings.add(FindingCode.HEAD_MISSING, None, "the log holds entries and no checkpoint")
    if head is not None:
        _check_tile_places(reader, head, findings)
    return reading.report()


def _check_tile_places(reader: LogReader, head: Checkpoint, findings: Findings) -> None:
    """Each tile stands for entries: one that does not would be in the way of those to come."""
    for level, index in reader.tile_places():
        if level < 0 or index < 0 or not tile_width(head.size, level, index):
            findings.add(
                FindingCode.TILE_MISMATCH, None, f"tile {level}/{index} is of no entry in the log"
            )


class LogReading:
    """A log being verified: takes its entries in order, then reports.

    ``head`` is None when no checkpoint verified; ``tiles`` is None for an export.
    """

    def __init__(
        self,
        *,
        origin: str,
        head: Checkpoint | None,
        tiles: TileReader | None,
        older: Sequence[Checkpoint],
        findings: Findings,
        progress: Progress | None,
    ) -> None:
        # Not a finding about this log: the wrong file was brought along.
        if any(checkpoint.origin != origin for checkpoint in older):
            raise LogForked("the older checkpoint is of another log")
        self.entries = 0
        self._origin = origin
        self._head = head
        self._findings = findings
        self._progress = progress
        self._withheld = 0
        self._tree = TreeCheck(head=head, tiles=tiles, older=older, findings=findings)
        self._payloads = EntryCheck(findings=findings)

    def take(self, row: EntryRow, *, withheld: bool = False) -> None:
        """Verify the next entry; ``withheld`` when an export leaves payloads out on purpose."""
        self.entries += 1
        if self._progress is not None and not self.entries % TILE_WIDTH:
            self._progress(self.entries)
        # Told and left out: pushed into the tree it would make every later finding a consequence of
        # this.
        if row.index < self._tree.size:
            self._findings.add(
                FindingCode.ENTRY_OUT_OF_ORDER, row.index, "stands where it does not belong"
            )
            return
        if self._head is not None and row.index >= self._head.size:
            self._findings.add(
                FindingCode.ENTRY_UNSIGNED, row.index, "lies beyond the signed checkpoint"
            )
            return
        # A gap is one finding; the tree goes on behind it, so that other damage is found in the
        # same run.
        self._tree.skip_to(row.index)
        # Recomputed from the leaf: hashes that are stored are what is being examined.
        self._tree.push(leaf_hash(row.leaf))
        self._payloads.take(row, withheld=withheld)
        self._withheld += withheld

    def report(self) -> Report:
        """Everything that was found, once the last entry was taken."""
        self._tree.finish()
        self._payloads.finish()
        return Report(
            origin=self._origin,
            head=self._head,
            entries=self.entries,
            erased_core=self._payloads.erased[Part.CORE],
            erased_personal=self._payloads.erased[Part.PERSONAL],
            withheld=self._withheld,
            findings=self._findings.in_order(),
            more=self._findings.more,
        )
