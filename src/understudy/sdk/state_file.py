"""Orders that outlive the process: files of one application in a directory that it names.

Whoever finds a file sends what it holds and removes it afterwards. Two that find the same do no
harm: an ending repeats well, and a batch has its own Idempotency-Key.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Set
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from understudy.core.impersonation.sessions import EndCause
from understudy.errors import Unavailable
from understudy.last_resort import LastResort
from understudy.sdk.ending import Ending, Kind
from understudy.sdk.outbox import Batch
from understudy.sdk.secret import Secret
from understudy.sdk.values import Phase, RecordedAction
from understudy.sdk.wire import Fields, read_object

_LOG = logging.getLogger("understudy")
_PRIVATE = 0o600
_LEAVERS = "leavers"  # apart, as an SDK of before takes each "ending" for one session's


class StateFiles:
    """The files of ``client_id`` in ``directory``, which only this user can read."""

    def __init__(self, directory: Path, *, client_id: str) -> None:
        self._directory = directory
        self._prefix = f"understudy-{hashlib.sha256(client_id.encode()).hexdigest()[:12]}"

    def keep_ending(self, ending: Ending, *, actor_ids: Set[str]) -> bool:
        """Write an ending down, the one for ``actor_ids`` as that; whether it worked."""
        if ending.kind is Kind.ACTORS:
            return self._write(_LEAVERS, ending.name, {"actor_ids": sorted(actor_ids)})
        facts: dict[str, object] = {"session_id": ending.session_id, "cause": ending.cause.value}
        if ending.session_id is None and ending.token is not None:
            facts["token"] = ending.token.reveal()
        return self._write("ending", ending.name, facts)

    def keep_batch(self, session_id: str, batch: Batch) -> bool:
        """Write a batch down; whether that worked."""
        rows = [{**row._asdict(), "at": row.at.isoformat()} for row in batch.actions]
        facts: dict[str, object] = {"session_id": session_id, "key": batch.key, "actions": rows}
        return self._write("batch", _name_of(batch.key), facts)

    def forget_ending(self, ending: Ending) -> None:
        """The ending is known to the service, whether it was ever written down or not."""
        self._remove(_LEAVERS if ending.kind is Kind.ACTORS else "ending", ending.name)

    def forget_batch(self, key: str) -> None:
        """The batch is in the log, or will never be."""
        self._remove("batch", _name_of(key))

    def endings(self, *, keep_until: float) -> Iterator[Ending]:
        """What earlier processes could not end; to be given up at ``keep_until``."""
        for name, fields in self._read("ending"):
            token = fields.optional_text("token")
            yield Ending(
                session_id=fields.optional_text("session_id"),
                token=Secret(token) if token is not None else None,
                cause=EndCause(fields.text("cause")),
                keep_until=keep_until,
                name=name,
                kept=True,
            )
        for name, fields in self._read(_LEAVERS):
            actor_ids = set(fields.texts("actor_ids"))
            yield Ending(actor_ids=actor_ids, keep_until=keep_until, name=name, kept=True)

    def batches(self) -> Iterator[tuple[str, Batch]]:
        """What earlier processes could not send, with its session."""
        for _, fields in self._read("batch"):
            actions = [_action(row) for row in fields.objects("actions")]
            batch = Batch(actions=actions, key=fields.text("key"), restored=True)
            yield fields.text("session_id"), batch

    def _path(self, kind: str, name: str) -> Path:
        return self._directory / f"{self._prefix}-{kind}-{name}.json"

    def _write(self, kind: str, name: str, facts: dict[str, object]) -> bool:
        path = self._path(kind, name)
        with LastResort(_LOG, "State was not written", action="write_state", name_only=True):
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = path.with_suffix(f".{os.getpid()}")
            # Never through somebody's link, and never readable by others, not for a moment.
            with suppress(FileNotFoundError):
                beside.unlink()
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(beside, flags, _PRIVATE), "w", encoding="utf-8") as file:
                json.dump(facts, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            return True
        return False

    def _remove(self, kind: str, name: str) -> None:
        with suppress(OSError):
            self._path(kind, name).unlink()

    def _read(self, kind: str) -> Iterator[tuple[str, Fields]]:
        start = f"{self._prefix}-{kind}-"
        for path in sorted(self._directory.glob(f"{start}*.json")):
            try:
                yield path.stem.removeprefix(start), read_object(path.read_bytes())
            except (OSError, Unavailable, ValueError):
                _LOG.warning("A state file cannot be read", extra={"action": "read_state"})


def _name_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _action(fields: Fields) -> RecordedAction:
    return RecordedAction(
        fields.text("id"),
        Phase(fields.text("phase")),
        datetime.fromisoformat(fields.text("at")),
        fields.text("method"),
        fields.text("path"),
        fields.optional_text("route"),
        fields.optional_number("status"),
        fields.optional_number("duration_ms"),
        fields.optional_text("rule"),
        fields.optional_text("address"),
        fields.optional_text("user_agent"),
        fields.optional_text("table"),
        fields.optional_text("kind"),
        fields.optional_text("did"),
        fields.optional_text("reference"),
    )
