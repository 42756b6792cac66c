from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Prepared
from tests.unit.cli.test_sessions import _session
from understudy.config import Settings
from understudy.core.impersonation.endings import Proof, Reach
from understudy.core.notices.events import EventType
from understudy.errors import StorageFull
from understudy.service.opening import open_installation
from understudy.storage.endings.slots import SlotFile
from understudy.storage.endings.spool import FOLDER


def test_one_session_or_all_of_something_end(prepared: Prepared) -> None:
    one, _ = _session(prepared), _session(prepared, "bob")
    assert prepared.facts("sessions", "end", one.session.id) == {
        "sessions": 1,
        "grants": 0,
        "logged": True,
    }
    assert prepared.facts("sessions", "end", "--app", "app_none", "--yes")["sessions"] == 0
    assert prepared.facts("sessions", "end", "--app", prepared.app_id, "--yes")["sessions"] == 1
    _session(prepared)
    assert (
        prepared.facts("sessions", "end", "--operator", one.session.actor_ref, "--yes")["sessions"]
        == 1
    )
    _session(prepared)
    assert prepared.facts("sessions", "end", "--all", "--yes")["sessions"] == 1
    assert prepared.facts("sessions", "list") == []


@pytest.mark.parametrize(
    "words", [(), ("ses_1", "--all"), ("--app", "a", "--operator", "b"), ("x" * 101,), ("",)]
)
def test_exactly_one_thing_is_named(prepared: Prepared, words: tuple[str, ...]) -> None:
    assert prepared.refused("sessions", "end", *words).endswith("[invalid_input]")


def test_without_the_database_it_is_left_to_the_service(prepared: Prepared) -> None:
    opened = _session(prepared)
    said = prepared.facts("sessions", "end", "--spool", opened.session.id)
    assert said == {"reach": Reach.SESSION, "ref": opened.session.id, "logged": False}
    assert prepared.facts("sessions", "list") == []
    engine = open_installation(Settings(data_dir=prepared.data_dir))
    try:
        engine.endings.spool.open()
        [told] = engine.endings.spool.pending()
        assert (told.proven, told.doer_kind) == (Proof.DATA_DIRECTORY, "system")
        engine.endings.replays.once()
    finally:
        engine.close()
    kinds = [one["type"] for one in prepared.facts("audit", "list")]
    assert EventType.SESSION_REVOKED in kinds


def test_without_a_key_nothing_is_left_anywhere(prepared: Prepared) -> None:
    (prepared.data_dir / "installation.key").unlink()
    assert "installation.key" in prepared.refused("sessions", "end", "--spool", "--all", "--yes")
    assert not (prepared.data_dir / "installation.key").exists()


def test_where_there_is_no_room_at_all_it_says_so(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SlotFile, "made", full)
    monkeypatch.setattr(SlotFile, "put", full)
    said = prepared.refused("sessions", "end", "--spool", "--all", "--yes")
    assert said.endswith(f"[{StorageFull.code}]")
    assert not list(Path(prepared.data_dir / FOLDER).glob("*.slots"))
