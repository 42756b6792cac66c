from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from tests.unit.audit.memory_log import ORIGIN, OTHER_SIGNER, SIGNER, VERIFIER
from understudy.audit.tlog.checkpoint import (
    MAX_SIZE,
    Checkpoint,
    LastCheckpoint,
    empty_checkpoint,
    open_checkpoint,
    parse_decimal,
    sign_checkpoint,
    unverified_checkpoint,
)
from understudy.audit.tlog.merkle import EMPTY_ROOT
from understudy.audit.tlog.note import Verifier
from understudy.errors import LogForked, MalformedNote, SignatureInvalid

ROOT = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo="
CHECKPOINT = Checkpoint(origin=ORIGIN, size=42, root=b"\xaa" * 32)

CHECKPOINTS = st.builds(
    Checkpoint,
    origin=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
    size=st.integers(min_value=0, max_value=MAX_SIZE),
    root=st.binary(min_size=32, max_size=32),
)


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.to_text() == f"{ORIGIN}\n42\n{ROOT}\n"


@given(CHECKPOINTS)
def test_checkpoints_come_back_from_text_and_from_a_signed_note(checkpoint: Checkpoint) -> None:
    assert Checkpoint.from_text(checkpoint.to_text()) == checkpoint
    note = sign_checkpoint(checkpoint, SIGNER)
    assert open_checkpoint(note, verifier=VERIFIER, origin=checkpoint.origin) == checkpoint
    assert unverified_checkpoint(note) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n42\n{ROOT}",
        f"{ORIGIN}\n42\n{ROOT}\n\n",
        f"{ORIGIN}\n42\n{ROOT}\nextension",
        f"{ORIGIN}\n42\n{ROOT}\nexten\tsion\n",
        f"{ORIGIN}\n42\n{ROOT}\nextension\n\nanother\n",
        f"\n42\n{ROOT}\n",
        f"{ORIGIN}\n\n{ROOT}\n",
        f"{ORIGIN}\n042\n{ROOT}\n",
        f"{ORIGIN}\n+42\n{ROOT}\n",
        f"{ORIGIN}\n-1\n{ROOT}\n",
        f"{ORIGIN}\n4_2\n{ROOT}\n",
        f"{ORIGIN}\n 42\n{ROOT}\n",
        f"{ORIGIN}\n٤٢\n{ROOT}\n",
        f"{ORIGIN}\n42.0\n{ROOT}\n",
        f"{ORIGIN}\n{MAX_SIZE + 1}\n{ROOT}\n",
        f"{ORIGIN}\n42\n{ROOT[:-1]}\n",
        f"{ORIGIN}\n42\n{ROOT.replace('o=', 'p=')}\n",
        f"{ORIGIN}\n42\n!!{ROOT}\n",
        f"{ORIGIN}\n42\nAAAA\n",
        f"{ORIGIN}\n42\n\n",
        f"a\tb\n42\n{ROOT}\n",
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    with refusal_of(MalformedNote, "malformed_note"):
        Checkpoint.from_text(text)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("10", 10), (str(MAX_SIZE), MAX_SIZE)])
def test_decimals_have_one_spelling(text: str, number: int) -> None:
    assert parse_decimal(text) == number


def test_another_key_does_not_open_a_checkpoint() -> None:
    with refusal_of(SignatureInvalid, "signature_invalid"):
        open_checkpoint(sign_checkpoint(CHECKPOINT, OTHER_SIGNER), verifier=VERIFIER, origin=ORIGIN)


def test_a_checkpoint_of_another_log_under_the_same_key_is_refused() -> None:
    with pytest.raises(LogForked, match="another log") as caught:
        open_checkpoint(
            sign_checkpoint(CHECKPOINT, SIGNER), verifier=VERIFIER, origin="log.example/other"
        )
    assert caught.value.code == "log_forked"


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The notes whose signatures were verified, in order."""
    notes: list[bytes] = []
    really_open = Verifier.open

    def noting(verifier: Verifier, note: bytes) -> str:
        notes.append(note)
        return really_open(verifier, note)

    monkeypatch.setattr(Verifier, "open", noting)
    return notes


def test_the_checkpoint_that_was_opened_last_is_verified_once(verified: list[bytes]) -> None:
    last = LastCheckpoint()
    one, two = (sign_checkpoint(replace(CHECKPOINT, size=size), SIGNER) for size in (1, 2))
    for note in (one, one, two, two, one):
        last.open(note, verifier=VERIFIER, origin=ORIGIN)
    assert verified == [one, two, one]


def test_the_checkpoint_that_was_signed_last_is_not_verified(verified: list[bytes]) -> None:
    last = LastCheckpoint()
    note = last.sign(CHECKPOINT, SIGNER)
    assert note == sign_checkpoint(CHECKPOINT, SIGNER)
    assert last.open(note, verifier=VERIFIER, origin=ORIGIN) == CHECKPOINT
    assert verified == []


def test_a_checkpoint_that_is_remembered_opens_for_its_own_log_and_key_only() -> None:
    last = LastCheckpoint()
    note = last.sign(CHECKPOINT, SIGNER)
    with pytest.raises(LogForked) as forked:
        last.open(note, verifier=VERIFIER, origin="log.example/other")
    assert forked.value.code == "log_forked"
    with pytest.raises(SignatureInvalid) as invalid:
        last.open(note, verifier=OTHER_SIGNER.verifier, origin=ORIGIN)
    assert invalid.value.code == "signature_invalid"


def test_other_bytes_than_the_remembered_ones_are_verified() -> None:
    last = LastCheckpoint()
    note = last.sign(CHECKPOINT, SIGNER)
    forged = note.replace(b"\n42\n", b"\n41\n")
    assert forged != note
    with pytest.raises(SignatureInvalid) as invalid:
        last.open(forged, verifier=VERIFIER, origin=ORIGIN)
    assert invalid.value.code == "signature_invalid"


def test_only_the_very_bytes_are_recalled() -> None:
    last = LastCheckpoint()
    assert last.recall(b"") is None
    note = last.sign(CHECKPOINT, SIGNER)
    assert last.recall(note) == (VERIFIER, CHECKPOINT)
    assert last.recall(note.replace(b"\n42\n", b"\n41\n")) is None


def test_a_signed_note_that_is_no_checkpoint_is_refused() -> None:
    note = SIGNER.sign("hello\n")
    with pytest.raises(MalformedNote, match="three lines"):
        open_checkpoint(note, verifier=VERIFIER, origin=ORIGIN)
    with pytest.raises(MalformedNote, match="three lines"):
        unverified_checkpoint(note)


def test_an_empty_log_has_the_root_of_nothing() -> None:
    assert empty_checkpoint(ORIGIN) == Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT)


@pytest.mark.parametrize(("size", "root"), [(-1, bytes(32)), (MAX_SIZE + 1, bytes(32)), (1, b"")])
def test_a_checkpoint_out_of_bounds_cannot_be_built(size: int, root: bytes) -> None:
    with pytest.raises(MalformedNote, match="size and a root"):
        Checkpoint(origin=ORIGIN, size=size, root=root)


def test_extension_lines_are_kept_and_signed_with_the_rest() -> None:
    text = f"{ORIGIN}\n42\n{ROOT}\nan extension\nanother one\n"
    checkpoint = Checkpoint.from_text(text)
    assert checkpoint.extensions == ("an extension", "another one")
    assert checkpoint.to_text() == text
    note = sign_checkpoint(checkpoint, SIGNER)
    assert open_checkpoint(note, verifier=VERIFIER, origin=ORIGIN) == checkpoint
