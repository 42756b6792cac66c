from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fixtures.refusals import refusal_of
from tests.unit.audit.memory_log import ORIGIN
from understudy.audit.entries.handover import Handover, predecessors, successors
from understudy.audit.tlog.checkpoint import unverified_checkpoint
from understudy.audit.tlog.note import Signer
from understudy.errors import AuditError, MalformedNote

FIRST, SECOND, THIRD = (Signer(name=ORIGIN, seed=bytes([n]) * 32) for n in (1, 2, 3))
ONE, TWO, THREE = (signer.verifier for signer in (FIRST, SECOND, THIRD))
TO_TWO = Handover.sign(FIRST, new=TWO, signs_from_ms=2)
TO_THREE = Handover.sign(SECOND, new=THREE, signs_from_ms=3)


def test_a_handover_comes_back_from_what_the_entry_says() -> None:
    assert Handover.from_details(TO_TWO.to_details()) == TO_TWO
    assert TO_TWO.is_signed()


def test_the_oldest_key_leads_to_the_newest_and_the_newest_back() -> None:
    assert successors([ONE], [TO_TWO, TO_THREE]) == [ONE, TWO, THREE]
    assert predecessors([THREE], [TO_TWO, TO_THREE]) == [THREE, TWO, ONE]
    assert successors([THREE], [TO_TWO, TO_THREE]) == [THREE]


@pytest.mark.parametrize(
    "changed",
    [
        replace(TO_TWO, new=THREE),
        replace(TO_TWO, signs_from_ms=1),
        replace(TO_TWO, old=THREE),
        Handover.sign(
            FIRST, new=Signer(name="log.example/other", seed=bytes(32)).verifier, signs_from_ms=2
        ),
    ],
    ids=["another key", "another time", "not by the old key", "another log"],
)
def test_what_the_old_key_did_not_say_leads_nowhere(changed: Handover) -> None:
    assert not changed.is_signed()
    assert successors([changed.old], [changed]) == [changed.old]
    assert predecessors([changed.new], [changed]) == [changed.new]


@pytest.mark.parametrize("name", ["vkey", "old_vkey", "signature", "signs_from_ms"])
def test_half_a_handover_is_none(name: str) -> None:
    with refusal_of(AuditError, "audit_invalid"):
        Handover.from_details(TO_TWO.to_details() | {name: None})


def test_a_handover_is_no_checkpoint() -> None:
    note = FIRST.sign(f"{ORIGIN}\nnext key\n{TWO.to_text()}\n2\n")
    with refusal_of(MalformedNote, "malformed_note"):
        unverified_checkpoint(note)
