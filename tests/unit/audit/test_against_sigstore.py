"""Checkpoints and receipts read by sigstore-python, which shares no line with us."""

from __future__ import annotations

import base64
import warnings
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.unit.audit.memory_log import ORIGIN, VERIFIER, MemoryLog, log_of
from understudy.audit.tlog.checkpoint import unverified_checkpoint
from understudy.audit.tlog.proof import InclusionProof
from understudy.audit.tlog.receipt import Receipt
from understudy.audit.tlog.tile import TileTree

with warnings.catch_warnings():
    # What sigstore's own dependencies deprecate is not ours to mend.
    warnings.simplefilter("ignore")
    from sigstore._internal import merkle
    from sigstore._internal.rekor import checkpoint as rekor
    from sigstore.errors import VerificationError

PLACES = [(0, 1), (0, 2), (6, 7), (255, 256), (256, 257), (0, 600), (300, 600), (599, 600)]


class Keyring:
    """The one public key of the log, in the shape that sigstore asks for keys."""

    def verify(self, *, key_id: bytes, signature: bytes, data: bytes) -> None:
        assert key_id == VERIFIER.key_id
        try:
            Ed25519PublicKey.from_public_bytes(VERIFIER.public_key).verify(signature, data)
        except InvalidSignature:
            raise VerificationError("invalid signature") from None


def receipt_of(log: MemoryLog, index: int) -> Receipt:
    tree = TileTree(reader=log, size=len(log.entries))
    proof = InclusionProof(index=index, hashes=tree.inclusion_proof(index))
    return Receipt(proof=proof, checkpoint=log.note or b"")


def rekor_entry(receipt: Receipt, leaf: bytes) -> Any:
    checkpoint = unverified_checkpoint(receipt.checkpoint)
    proof = SimpleNamespace(
        log_index=receipt.proof.index,
        tree_size=checkpoint.size,
        root_hash=checkpoint.root,
        hashes=list(receipt.proof.hashes),
        checkpoint=SimpleNamespace(envelope=receipt.checkpoint.decode()),
    )
    return SimpleNamespace(
        _inner=SimpleNamespace(
            inclusion_proof=proof,
            canonicalized_body=leaf,
            log_id=SimpleNamespace(key_id=VERIFIER.key_id),
        )
    )


def sigstore_verifies(receipt: Receipt, leaf: bytes) -> None:
    entry = rekor_entry(receipt, leaf)
    merkle.verify_merkle_inclusion(entry)
    keyring: Any = Keyring()
    rekor.verify_checkpoint(keyring, entry)


@pytest.mark.parametrize(("index", "size"), PLACES)
def test_sigstore_accepts_our_receipts(index: int, size: int) -> None:
    log = log_of(size)
    receipt = Receipt.from_bytes(receipt_of(log, index).to_bytes())
    sigstore_verifies(receipt, log.entries[index].leaf)


def test_sigstore_reads_our_checkpoint_as_we_do() -> None:
    note = (log_of(300).note or b"").decode()
    signed = rekor.SignedCheckpoint.from_text(note)
    ours = unverified_checkpoint(note.encode())
    assert signed.checkpoint.origin == ours.origin == ORIGIN
    assert signed.checkpoint.log_size == ours.size == 300
    assert signed.checkpoint.log_hash == ours.root.hex()
    (signature,) = signed.signed_note.signatures
    assert (signature.name, signature.sig_hash) == (ORIGIN, VERIFIER.key_id)
    assert len(base64.b64decode(signature.signature)) == 64


LOG = log_of(300)
GOOD = receipt_of(LOG, 7)
FIRST, *REST = GOOD.proof.hashes


@pytest.mark.parametrize(
    "proof",
    [
        replace(GOOD.proof, index=8),
        replace(GOOD.proof, hashes=(bytes(32), *REST)),
        replace(GOOD.proof, hashes=tuple(REST)),
        replace(GOOD.proof, hashes=(FIRST, *REST, bytes(32))),
    ],
)
def test_sigstore_and_we_refuse_the_same_forged_proofs(proof: InclusionProof) -> None:
    forged = replace(GOOD, proof=proof)
    with pytest.raises(VerificationError):
        sigstore_verifies(forged, LOG.entries[7].leaf)
    with pytest.raises(Exception, match="proof") as caught:
        forged.verify(LOG.entries[7].leaf, verifier=VERIFIER, origin=ORIGIN)
    assert getattr(caught.value, "code", None) == "proof_invalid"


def test_sigstore_and_we_refuse_another_leaf() -> None:
    with pytest.raises(VerificationError):
        sigstore_verifies(GOOD, LOG.entries[8].leaf)
    with pytest.raises(Exception, match="does not lead to the root"):
        GOOD.verify(LOG.entries[8].leaf, verifier=VERIFIER, origin=ORIGIN)


@pytest.mark.parametrize(
    ("old", "new"), [(b"\n300\n", b"\n301\n"), (ORIGIN.encode() + b"\n300", b"log.example/o\n300")]
)
def test_sigstore_and_we_refuse_a_changed_checkpoint(old: bytes, new: bytes) -> None:
    forged = replace(GOOD, checkpoint=GOOD.checkpoint.replace(old, new))
    assert forged != GOOD
    keyring: Any = Keyring()
    with pytest.raises(VerificationError):
        rekor.verify_checkpoint(keyring, rekor_entry(forged, LOG.entries[7].leaf))
    with pytest.raises(Exception, match="signature does not verify"):
        forged.verify(LOG.entries[7].leaf, verifier=VERIFIER, origin=ORIGIN)
