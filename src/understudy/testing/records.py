"""What apps have recorded with a fake service."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.errors import IdempotencyConflict
from understudy.sdk.part_keys import wholes_of
from understudy.sdk.values import Minted, Phase, RecordedAction


class Records:
    """Actions in the order in which they came. A batch that comes again under its key is known,
    and so is a part of it.
    """

    def __init__(self) -> None:
        self._recorded: list[tuple[str, RecordedAction]] = []
        self._batches: dict[str, tuple[str, tuple[RecordedAction, ...]]] = {}
        self._in_parts: set[str] = set()

    def has(self, session_id: str, actions: Sequence[RecordedAction], key: str) -> bool:
        """Whether this very batch came before, or the whole that it is a part of.

        :raises IdempotencyConflict: another one came under this key, or parts of this one.
        """
        known = self._batches.get(key)
        if known is None and key not in self._in_parts:
            return any(whole in self._batches for whole in wholes_of(key))
        if known != (session_id, tuple(actions)):
            raise IdempotencyConflict
        return True

    def add(self, session_id: str, actions: Sequence[RecordedAction], key: str) -> None:
        """Keep a batch."""
        self._batches[key] = (session_id, tuple(actions))
        self._in_parts.update(wholes_of(key))
        self._recorded += [(session_id, action) for action in actions]

    def of(self, session_id: str, phase: Phase | None) -> list[RecordedAction]:
        """What was recorded in a session, or what of it is in this ``phase``."""
        return [
            action
            for recorded_in, action in self._recorded
            if recorded_in == session_id and phase in (None, action.phase)
        ]

    def minted(self, session_id: str) -> list[Minted]:
        """What was made in a session and is not revoked."""
        undone = {action.id for action in self.of(session_id, Phase.UNDONE)}
        return [
            Minted(
                id=action.id,
                session_id=session_id,
                kind=action.kind or "",
                reference=action.reference or "",
            )
            for action in self.of(session_id, Phase.MINTED)
            if action.id not in undone
        ]

    def count(self) -> int:
        """How many there are."""
        return len(self._recorded)
