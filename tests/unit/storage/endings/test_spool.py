from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fixtures.endings import AT, ending, keyed_hash
from understudy.core.impersonation.endings import OBEYED_FOR, Ending, Proof, Reach
from understudy.core.notices.events import PartyKind
from understudy.storage.endings import spool as spools
from understudy.storage.endings.slots import SlotFile
from understudy.storage.endings.spool import FOLDER, SLOTS_EACH, Spool


@contextmanager
def spool_in(folder: Path) -> Iterator[Spool]:
    """What one process has."""
    spool = Spool(folder / FOLDER, keyed_hash, random=os.urandom)
    try:
        yield spool
    finally:
        spool.close()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with spool_in(tmp_path) as made:
        made.open()
        yield made


def no_room(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_what_is_kept_is_obeyed_told_and_on_the_disk(spool: Spool, tmp_path: Path) -> None:
    heard: list[Ending] = []
    spool.listeners.append(heard.extend)
    told = ending()
    assert spool.keep([told])
    assert heard == [told]
    assert list(spool.in_force.all()) == [told]
    spool.close()
    with spool_in(tmp_path) as after:
        after.open()
        assert list(after.pending()) == [told]
        assert list(after.in_force.all()) == [told]


def test_what_is_done_is_neither_obeyed_nor_pending(spool: Spool) -> None:
    told = ending()
    spool.keep([told])
    spool.done([told])
    assert not spool.in_force
    assert not spool.pending()


def test_memory_obeys_what_the_disk_does_not_take_and_the_disk_gets_it_later(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ending()
    with monkeypatch.context() as full:
        full.setattr(SlotFile, "put", no_room)
        assert not spool.keep([told])
        assert list(spool.in_force.all()) == list(spool.pending()) == [told]
        assert not spool.keep([])
    assert spool.keep([])
    spool.done([told])
    assert not spool.pending()


def test_without_a_file_endings_are_in_memory_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlotFile, "made", no_room)
    with spool_in(tmp_path) as made:
        made.open(spare=True)
        assert not made.keep([ending()])
        assert made.in_force


def test_a_process_obeys_what_another_one_was_told_until_that_is_logged(
    spool: Spool, tmp_path: Path
) -> None:
    told = ending()
    with spool_in(tmp_path) as other:
        other.open()
        spool.keep([told])
        other.look()
        assert list(other.in_force.all()) == [told]
        assert not other.pending()
        spool.done([told])
        other.look()
        assert not other.in_force


def test_what_a_process_left_behind_is_taken_over(spool: Spool, tmp_path: Path) -> None:
    told = ending()
    with spool_in(tmp_path) as other:
        other.open()
        other.keep([told])
    spool.look(adopt=False)
    assert list(spool.in_force.all()) == [told]
    assert not spool.pending()
    spool.look()
    assert list(spool.pending()) == [told]
    spool.done([told])
    # Free again, for whoever comes next.
    with spool_in(tmp_path) as third:
        third.open()
        assert len(list((tmp_path / FOLDER).iterdir())) == 2


def test_a_file_is_spared_for_whoever_comes_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with spool_in(tmp_path) as service, spool_in(tmp_path) as command_line:
        service.open(spare=True)
        service.open(spare=True)
        assert len(list((tmp_path / FOLDER).iterdir())) == 2
        monkeypatch.setattr(SlotFile, "made", no_room)
        command_line.open()
        assert command_line.keep([ending()])


def test_who_ends_too_many_ends_more_than_they_named(spool: Spool) -> None:
    for number in range(SLOTS_EACH):
        spool.keep([ending(ref=f"ses_{number}")])
    many = [ending(ref=f"ses_x{number}") for number in range(3)]
    for told in many:
        assert spool.keep([told])
    wide = [one for one in spool.pending() if one.reach is Reach.APPLICATION]
    assert [one.id for one in wide] == [many[-1].id]
    assert len(spool.pending()) == len(spool.in_force.all()) == SLOTS_EACH + 1
    other = ending(doer_ref="app_2", ref="ses_other")
    spool.keep([other])
    assert other in spool.pending()


def test_the_last_slots_are_for_operators_and_the_command_line(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlotFile, "room", lambda _: spools.KEPT_FOR_OPERATORS)
    assert not spool.keep([ending()])
    [unkept] = spool.pending()
    spool.done([unkept])
    assert spool.keep([ending(doer_kind=PartyKind.OPERATOR)])
    assert spool.keep([ending(proven=Proof.DATA_DIRECTORY, doer_kind=PartyKind.SYSTEM)])


def test_what_another_node_told_is_obeyed_and_not_ours_to_write(spool: Spool) -> None:
    told, own = ending(), ending(ref="ses_2")
    spool.obey([told])
    spool.keep([own])
    assert list(spool.pending()) == [own]
    spool.forget_told(told.id)
    spool.forget_told(own.id)
    assert list(spool.in_force.all()) == [own]


def test_others_lapse_and_ours_stay_until_they_are_written(spool: Spool) -> None:
    told, own = ending(), ending(ref="ses_2")
    spool.obey([told])
    spool.keep([own])
    spool.lapse(AT + OBEYED_FOR - timedelta(milliseconds=1))
    assert told in spool.in_force.all()
    spool.lapse(AT + OBEYED_FOR)
    assert list(spool.in_force.all()) == [own]


FORKS = """
import os, sys
from pathlib import Path
from tests.fixtures.endings import ending, keyed_hash
from understudy.storage.endings.slots import SlotFile
from understudy.storage.endings.spool import Spool

spool = Spool(Path(sys.argv[1]), keyed_hash, random=os.urandom)
spool.open()
child = os.fork()
if child == 0:
    spool.keep([ending(ref="ses_child")])
    os._exit(0 if len(list(Path(sys.argv[1]).iterdir())) == 2 else 1)
assert os.waitpid(child, 0)[1] == 0
assert not spool.pending()
spool.keep([ending(ref="ses_parent")])
spool.look()
assert len(spool.pending()) == 2
"""


def test_a_forked_child_has_a_file_of_its_own(tmp_path: Path) -> None:
    # In a process without threads, as those of forking servers are at that moment.
    folder = tmp_path / FOLDER
    subprocess.run(
        [sys.executable, "-c", FORKS, str(folder)],
        env={**os.environ, "PYTHONPATH": f"src{os.pathsep}."},
        check=True,
    )


def test_many_at_once_take_a_bounded_number_of_slots_and_one_wait_for_the_disk(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(os, "fdatasync", waits.append)
    assert spool.keep([ending(ref=f"ses_{number}") for number in range(5_000)])
    assert len(spool.pending()) == SLOTS_EACH + 1
    assert len(waits) == 1
