from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from tests.unit.audit.memory_log import ORIGIN, OTHER_SIGNER, VERIFIER, log_of
from understudy.audit.tlog.checkpoint import unverified_checkpoint
from understudy.audit.tlog.proof import InclusionProof
from understudy.audit.tlog.receipt import Receipt
from understudy.audit.tlog.tile import TileTree
from understudy.errors import AuditError, LogForked, ProofInvalid, SignatureInvalid

LOG = log_of(300)
NOTE = LOG.note or b""
RECEIPT = Receipt(
    proof=InclusionProof(index=7, hashes=TileTree(reader=LOG, size=300).inclusion_proof(7)),
    checkpoint=NOTE,
)
LEAF = LOG.entries[7].leaf
BYTES = RECEIPT.to_bytes()


def test_a_receipt_verifies_offline_from_its_bytes() -> None:
    receipt = Receipt.from_bytes(BYTES)
    assert receipt.verify(LEAF, verifier=VERIFIER, origin=ORIGIN) == unverified_checkpoint(NOTE)


def test_the_layout_is_that_of_tlog_proof() -> None:
    first, index, *hashes = BYTES.partition(b"\n\n")[0].decode().split("\n")
    assert (first, index, len(hashes)) == ("c2sp.org/tlog-proof@v1", "index 7", 9)
    assert BYTES.endswith(b"\n\n" + NOTE)


def test_a_log_of_one_entry_has_a_receipt_without_hashes() -> None:
    log = log_of(1)
    receipt = Receipt(proof=InclusionProof(index=0, hashes=()), checkpoint=log.note or b"")
    assert receipt.to_bytes() == b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + (log.note or b"")
    Receipt.from_bytes(receipt.to_bytes()).verify(
        log.entries[0].leaf, verifier=VERIFIER, origin=ORIGIN
    )


@given(
    st.none() | st.binary(max_size=100),
    st.integers(min_value=0, max_value=2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=64).map(tuple),
)
def test_receipts_come_back_from_bytes(
    extra: bytes | None, index: int, hashes: tuple[bytes, ...]
) -> None:
    proof = InclusionProof(index=index, hashes=hashes)
    receipt = Receipt(proof=proof, checkpoint=NOTE, unverified_extra=extra)
    assert Receipt.from_bytes(receipt.to_bytes()) == receipt


@pytest.mark.parametrize(
    "receipt",
    [
        b"",
        NOTE,
        b"\xff" + BYTES,
        BYTES.replace(b"@v1", b"@v2"),
        BYTES.replace(b"\n", b"\r\n"),
        BYTES.replace(b"index 7", b"index 07"),
        BYTES.replace(b"index 7\n", b""),
        BYTES.replace(b"index 7\n", b"index 7\n\n"),
        BYTES.replace(b"\nindex", b"\nextra !\nindex"),
        BYTES.replace(b"\nindex", b"\nextra AA==\nextra AA==\nindex"),
        BYTES.replace(b"\n\nlog", b"\nlog"),
        BYTES.partition(b"\n\n")[0] + b"\n\n",
        BYTES.partition(b"\n\n")[0] + b"\n\nno note",
        BYTES + b"\n",
        BYTES[:-1],
        BYTES.replace(b"\nindex", b"\nextra " + b"A" * 1_000_000 + b"\nindex"),
    ],
)
def test_anything_else_is_not_a_receipt(receipt: bytes) -> None:
    with pytest.raises(AuditError):
        Receipt.from_bytes(receipt)


def test_a_receipt_for_another_entry_proves_nothing() -> None:
    with refusal_of(ProofInvalid, "proof_invalid"):
        RECEIPT.verify(LOG.entries[8].leaf, verifier=VERIFIER, origin=ORIGIN)


def test_a_receipt_of_another_key_or_log_proves_nothing() -> None:
    with refusal_of(SignatureInvalid, "signature_invalid"):
        RECEIPT.verify(LEAF, verifier=OTHER_SIGNER.verifier, origin=ORIGIN)
    with refusal_of(LogForked, "log_forked"):
        RECEIPT.verify(LEAF, verifier=VERIFIER, origin="log.example/other")


@given(st.integers(min_value=0, max_value=len(BYTES) - 1), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed(at: int, flip: int) -> None:
    forged = BYTES[:at] + bytes([BYTES[at] ^ flip]) + BYTES[at + 1 :]
    with pytest.raises(AuditError):
        Receipt.from_bytes(forged).verify(LEAF, verifier=VERIFIER, origin=ORIGIN)
