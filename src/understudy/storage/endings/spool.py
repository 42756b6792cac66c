"""What keeps endings until the log holds them: memory first, then slots in the data directory.

Every process has a file of its own. Those of other processes are read as well, so that what one was
told the others obey; one that nobody holds any more is taken over. Whoever holds an ending writes
it into the log.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

from understudy.core.impersonation.endings import Ending, Proof
from understudy.core.notices.events import PartyKind
from understudy.storage.endings.in_force import EndingsInForce
from understudy.storage.endings.sealed import KeyedHash
from understudy.storage.endings.slots import SLOTS, SUFFIX, SlotFile, peek

FOLDER = "endings"
"""Where the files lie within the data directory."""
SLOTS_EACH = 256
"""Most slots of one doer; what they end beyond that ends more than they named."""
KEPT_FOR_OPERATORS = 256
"""The last slots are for operators and the command line."""
TICK_NS = 50_000_000
"""By how much the times of files may be coarser than they look."""
_NAME_BYTES = 8
_FOLDER_MODE = 0o700

Hear = Callable[[Sequence[Ending]], None]

_logger = logging.getLogger(__name__)

_spools: WeakSet[Spool] = WeakSet()


class Spool:
    """The endings of one process. ``in_force`` is what it obeys, also of others'.

    ``listeners`` are called with endings that are new here, after they are in force.
    """

    def __init__(
        self, folder: Path, keyed_hash: KeyedHash, *, random: Callable[[int], bytes]
    ) -> None:
        self.folder = folder
        self.in_force = EndingsInForce()
        self.listeners: list[Hear] = []
        self._keyed_hash = keyed_hash
        self._random = random
        self._lock = threading.RLock()
        self._own: SlotFile | None = None
        self._adopted: dict[Path, SlotFile] = {}
        self._seen: dict[Path, tuple[object, frozenset[str]]] = {}
        self._unkept: dict[str, Ending] = {}
        _spools.add(self)

    def open(self, *, spare: bool = False) -> None:
        """Have a file with free slots, and take over what nobody else holds.

        With ``spare`` there is one more afterwards, for whoever comes when the disk is full.
        """
        with self._lock:
            self._own = self._own or self._free() or self._make()
            if spare and not any(self._is_free(path) for path in self._paths()):
                spared = self._make()
                if spared is not None:
                    spared.close()
            # What somebody left in the file holds from now on.
            self._tell(self.in_force.add(self.pending()))
        self.look()

    def keep(self, endings: Iterable[Ending]) -> bool:
        """Obey ``endings``, then have them on the disk; False where they are in memory only."""
        with self._lock:
            # Memory first: ending only ever takes away, whatever fails after it.
            new = self.in_force.add(self.bounded(endings))
            waiting, self._unkept = [*self._unkept.values(), *new], {}
            self._put(waiting)
            kept = not self._unkept
        self._tell(new)
        return kept

    def obey(self, endings: Sequence[Ending]) -> None:
        """Obey what another node has kept, and will write into the log."""
        new = self.in_force.add(endings)
        self._tell(new)

    def forget_told(self, ending_id: str) -> None:
        """Another node has written it: its rows say so. One of our own stays until we have."""
        if ending_id not in {ending.id for ending in self.pending()}:
            self.in_force.drop([ending_id])

    def look(self, *, adopt: bool = True) -> None:
        """Obey what other processes of the data directory were told; cheap when nothing is new."""
        with self._lock:
            for path in self._paths():
                with suppress(OSError):
                    self._look_at(path, adopt=adopt)

    def pending(self) -> Sequence[Ending]:
        """What this process is to write into the log, the oldest first."""
        with self._lock:
            held = [one for file in self._held() for one in file.endings]
            return sorted([*held, *self._unkept.values()], key=lambda ending: ending.at)

    def done(self, endings: Iterable[Ending]) -> None:
        """The log holds these: free their slots, and leave them to their rows."""
        ids = frozenset(ending.id for ending in endings)
        with self._lock:
            for file in self._held():
                # One that stays is found to be written already, and tried again.
                with suppress(OSError):
                    file.clear(ids)
            self._unkept = {key: one for key, one in self._unkept.items() if key not in ids}
            self.in_force.drop(ids)
            self._let_go()

    def lapse(self, now: datetime) -> None:
        """Forget others' endings of which nothing that they cover can live any more."""
        mine = {ending.id for ending in self.pending()}
        gone = [one for one in self.in_force.all() if not one.is_obeyed(now) and one.id not in mine]
        self.in_force.drop(one.id for one in gone)

    def disk_left(self) -> int:
        """How many bytes the disk of the data directory still takes; none if it does not say."""
        try:
            found = os.statvfs(self.folder.parent)
        except OSError:
            return 0
        return found.f_bavail * found.f_frsize

    def close(self) -> None:
        """Let others have the files; what is in them is theirs to write into the log."""
        with self._lock:
            for file in self._held():
                file.close()
            self._own, self._adopted = None, {}

    def leave_to_parent(self) -> None:
        """Begin anew in a forked child: what the parent holds stays the parent's."""
        self._lock = threading.RLock()
        # Its lock on them belongs to the open file, so that closing our copies gives up nothing.
        self.close()

    def _tell(self, new: Sequence[Ending]) -> None:
        for hear in tuple(self.listeners) if new else ():
            hear(new)

    def bounded(self, endings: Iterable[Ending]) -> Sequence[Ending]:
        """``endings``, where a doer has too many of them by one that ends them all."""
        count = Counter(_doer(ending) for ending in self.pending())
        narrow: list[Ending] = []
        coarse: dict[object, Ending] = {}
        for ending in endings:
            count[_doer(ending)] += 1
            if count[_doer(ending)] <= SLOTS_EACH:
                narrow.append(ending)
            else:
                coarser = ending.coarser()
                coarse[_ends(coarser)] = coarser
        return [*narrow, *coarse.values()]

    def _put(self, waiting: Sequence[Ending]) -> None:
        """Have what fits on the disk, with one wait for it; remember what is not."""
        if not waiting:
            return
        self._own = self._own or self._free() or self._make()
        room = 0 if self._own is None else self._own.room()
        fitting: list[Ending] = []
        for ending in waiting:
            reserve = 0 if _comes_first(ending) else KEPT_FOR_OPERATORS
            if room - len(fitting) > reserve:
                fitting.append(ending)
            else:
                self._unkept[ending.id] = ending
        if self._own is not None and fitting:
            self._write(self._own, fitting)

    def _write(self, own: SlotFile, fitting: Sequence[Ending]) -> None:
        try:
            own.put(*fitting)
            self._forget_earlier(own, fitting)
        except OSError as error:
            self._unkept |= {ending.id: ending for ending in fitting}
            _logger.critical(
                "an ending could not be kept on the disk: %s",
                error.strerror,
                extra={"action": "keep_ending"},
            )

    def _forget_earlier(self, own: SlotFile, fitting: Sequence[Ending]) -> None:
        """Free the slots of earlier ones that end the same: each time it ends some more."""
        ends = {_ends(ending) for ending in fitting}
        new = {ending.id for ending in fitting}
        earlier = frozenset(one.id for one in own.endings if _ends(one) in ends) - new
        own.clear(earlier)
        self.in_force.drop(earlier)

    def _look_at(self, path: Path, *, adopt: bool) -> None:
        if path in self._adopted or (self._own is not None and path == self._own.path):
            return
        state = path.stat()
        # What was written a moment ago may be written again within the same tick of the clock.
        fresh = time.time_ns() - state.st_mtime_ns < TICK_NS
        mark = None if fresh else (state.st_ino, state.st_mtime_ns, state.st_size)
        seen, before = self._seen.get(path, (None, frozenset()))
        if mark is None or mark != seen:
            found = peek(path, self._keyed_hash)
            now = frozenset(ending.id for ending in found)
            self._seen[path] = (mark, now)
            # Those that are gone from it are in the log by now, and in their rows.
            self.in_force.drop(before - now)
            new = self.in_force.add(found)
            self._tell(new)
            before = now
        if adopt and before:
            self._adopt(path)

    def _adopt(self, path: Path) -> None:
        with suppress(BlockingIOError):
            self._adopted[path] = SlotFile(path, self._keyed_hash)
            self._seen.pop(path, None)

    def _let_go(self) -> None:
        for path, file in tuple(self._adopted.items()):
            if not file.endings:
                file.close()
                del self._adopted[path]

    def _held(self) -> list[SlotFile]:
        return [*([self._own] if self._own is not None else []), *self._adopted.values()]

    def _paths(self) -> list[Path]:
        try:
            return sorted(self.folder.glob(f"*{SUFFIX}"))
        except OSError:
            return []

    def _is_free(self, path: Path) -> bool:
        if path in self._adopted or (self._own is not None and path == self._own.path):
            return False
        try:
            SlotFile(path, self._keyed_hash).close()
        except OSError:
            return False
        return True

    def _free(self) -> SlotFile | None:
        """One that is there and that nobody holds."""
        for path in self._paths():
            if path in self._adopted:
                return self._adopted.pop(path)
            with suppress(OSError):
                return SlotFile(path, self._keyed_hash)
        return None

    def _make(self) -> SlotFile | None:
        """A new one, if there is room for it."""
        try:
            self.folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
            path = self.folder / (self._random(_NAME_BYTES).hex() + SUFFIX)
            return SlotFile.made(path, self._keyed_hash, slots=SLOTS)
        except OSError as error:
            _logger.warning(
                "there is no room to keep endings in: %s",
                error.strerror,
                extra={"action": "make_slots"},
            )
            return None


def _doer(ending: Ending) -> tuple[object, ...]:
    return ending.doer_kind, ending.doer_ref


def _ends(ending: Ending) -> tuple[object, ...]:
    return (*_doer(ending), ending.reach, ending.ref, ending.cause)


def _comes_first(ending: Ending) -> bool:
    return ending.doer_kind is PartyKind.OPERATOR or ending.proven is Proof.DATA_DIRECTORY


def _after_fork() -> None:
    for spool in _spools:
        spool.leave_to_parent()


os.register_at_fork(after_in_child=_after_fork)
