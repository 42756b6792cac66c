from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from tests.unit.audit.memory_log import ORIGIN, log_of
from understudy.audit.tlog.checkpoint import Checkpoint, unverified_checkpoint
from understudy.audit.tlog.merkle import MAX_PROOF_HASHES
from understudy.audit.tlog.proof import ConsistencyProof, InclusionProof
from understudy.audit.tlog.tile import TileTree
from understudy.errors import LogForked, ProofInvalid

HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=MAX_PROOF_HASHES).map(tuple)
NUMBERS = st.integers(min_value=0, max_value=2**63 - 1)
ZEROS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

LOG = log_of(300)
OLD = unverified_checkpoint(log_of(77).note or b"")
NEW = unverified_checkpoint(LOG.note or b"")
TREE = TileTree(reader=LOG, size=300)


@given(st.builds(InclusionProof, index=NUMBERS, hashes=HASHES))
def test_inclusion_proofs_come_back_from_text(proof: InclusionProof) -> None:
    assert InclusionProof.from_text(proof.to_text()) == proof


@given(st.builds(ConsistencyProof, old_size=NUMBERS, hashes=HASHES))
def test_consistency_proofs_come_back_from_text(proof: ConsistencyProof) -> None:
    assert ConsistencyProof.from_text(proof.to_text()) == proof


def test_the_text_is_a_number_and_a_hash_a_line() -> None:
    hashes = (bytes(32), bytes(32))
    assert InclusionProof(index=7, hashes=hashes).to_text() == f"index 7\n{ZEROS}\n{ZEROS}\n"
    assert ConsistencyProof(old_size=7, hashes=()).to_text() == "old 7\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "index 7",
        "old 7\n",
        "index  7\n",
        "index 07\n",
        "index -7\n",
        "index 7\n\n",
        "index 7\nAAAA\n",
        f"index 7\n{ZEROS} \n",
        f"index 7\n{ZEROS}",
        f"index 7\n\n{ZEROS}\n",
        "index 7\n" + f"{ZEROS}\n" * (MAX_PROOF_HASHES + 1),
        f"index 7\r\n{ZEROS}\r\n",
        "index 7\n\N{EM DASH}\n",
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ProofInvalid) as caught:
        InclusionProof.from_text(text)
    assert caught.value.code == "proof_invalid"


def test_an_entry_is_proved_and_no_other() -> None:
    proof = InclusionProof(index=5, hashes=TREE.inclusion_proof(5))
    proof.verify(LOG.entries[5].leaf, NEW)
    with refusal_of(ProofInvalid, "proof_invalid"):
        proof.verify(LOG.entries[6].leaf, NEW)
    with refusal_of(ProofInvalid, "proof_invalid"):
        proof.verify(LOG.entries[5].leaf, OLD)


def test_growth_is_proved_from_the_old_checkpoint_alone() -> None:
    proof = ConsistencyProof(old_size=77, hashes=TREE.consistency_proof(77))
    proof.verify(OLD, NEW)
    forged = Checkpoint(origin=ORIGIN, size=77, root=bytes(32))
    with pytest.raises(ProofInvalid, match="both roots"):
        proof.verify(forged, NEW)
    with pytest.raises(ProofInvalid, match="starts at 77 entries, not 300"):
        proof.verify(NEW, NEW)


def test_growth_of_another_log_proves_nothing() -> None:
    proof = ConsistencyProof(old_size=77, hashes=TREE.consistency_proof(77))
    with pytest.raises(LogForked, match="two logs"):
        proof.verify(Checkpoint(origin="other", size=77, root=OLD.root), NEW)
