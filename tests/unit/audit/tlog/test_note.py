from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from tests.unit.audit.memory_log import ORIGIN, OTHER_SIGNER, SIGNER, VERIFIER
from understudy.audit.tlog.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    Signature,
    Signer,
    Verifier,
    claimed,
)
from understudy.errors import MalformedNote, SignatureInvalid

VECTORS: Any = json.loads(
    (Path(__file__).parents[3] / "vectors/audit/signed_notes.json").read_text(encoding="utf-8")
)
TEXT = "one line\n"
NOTE = SIGNER.sign(TEXT)
SIGNATURE_LINE = NOTE.split(b"\n\n")[1]

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32)])
    | st.just("\n"),
    max_size=60,
).map(lambda text: f"{text}\n")
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["source"] for vector in VECTORS])
def test_published_notes_open(vector: dict[str, str]) -> None:
    verifier = Verifier.from_text(vector["vkey"])
    assert verifier.open(vector["note"].encode()) == vector["text"]
    assert verifier.to_text() == vector["vkey"]
    assert Note.from_bytes(vector["note"].encode()).to_bytes() == vector["note"].encode()


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["source"] for vector in VECTORS])
def test_published_notes_do_not_open_with_other_text(vector: dict[str, str]) -> None:
    forged = vector["note"].replace(".", "!", 1).encode()
    with pytest.raises(SignatureInvalid) as caught:
        Verifier.from_text(vector["vkey"]).open(forged)
    assert caught.value.code == "signature_invalid"


@given(TEXTS, NAMES, st.binary(min_size=32, max_size=32))
def test_what_is_signed_opens_and_comes_back(text: str, name: str, seed: bytes) -> None:
    signer = Signer(name=name, seed=seed)
    note = signer.sign(text)
    assert Verifier.from_text(signer.verifier.to_text()).open(note) == text
    assert Note.from_bytes(note).to_bytes() == note
    assert Verifier.from_text(signer.verifier.to_text()) == signer.verifier


def test_text_with_empty_lines_is_split_at_the_last_one() -> None:
    text = "a\n\nb\n\n"
    assert VERIFIER.open(SIGNER.sign(text)) == text


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "bell\x07\n", "\r\n"])
def test_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with refusal_of(MalformedNote, "malformed_note"):
        SIGNER.sign(text)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n\n",
        b"text\n",
        b"text\n\n",
        TEXT.encode() + SIGNATURE_LINE,
        TEXT.encode() + b"\n" + SIGNATURE_LINE.rstrip(b"\n"),
        NOTE + b"\n",
        NOTE.replace(b"\n", b"\r\n"),
        NOTE.replace(b"one", b"o\xffe"),
        NOTE.replace(b"one", b"o\x00e"),
        NOTE.replace("\N{EM DASH}".encode(), b"-"),
        NOTE.replace("\N{EM DASH} ".encode(), "\N{EM DASH}".encode()),
        TEXT.encode() + b"\n" + "\N{EM DASH} name\n".encode(),
        TEXT.encode() + b"\n" + "\N{EM DASH} name \n".encode(),
        TEXT.encode() + b"\n" + "\N{EM DASH}  AAAAAAA=\n".encode(),
        TEXT.encode() + b"\n" + "\N{EM DASH} na+me AAAAAAA=\n".encode(),
        TEXT.encode() + b"\n" + "\N{EM DASH} na\u00a0me AAAAAAA=\n".encode(),
        TEXT.encode() + b"\n" + "\N{EM DASH} name AAAAAA==\n".encode(),
        TEXT.encode() + b"\n" + "\N{EM DASH} name AAAAAAB=\n".encode(),
        TEXT.encode() + b"\n" + "\N{EM DASH} name AAAAAAA= \n".encode(),
        NOTE + SIGNATURE_LINE * MAX_SIGNATURES,
        b"a" * MAX_NOTE_BYTES + NOTE,
    ],
)
def test_anything_else_is_not_a_note(note: bytes) -> None:
    with pytest.raises(MalformedNote) as caught:
        VERIFIER.open(note)
    assert caught.value.code == "malformed_note"


def test_sixteen_signatures_are_no_problem() -> None:
    others = [Signer(name=f"witness-{number}", seed=bytes(32)) for number in range(15)]
    lines = b"".join(other.sign(TEXT).split(b"\n\n")[1] for other in others)
    assert VERIFIER.open(NOTE + lines) == TEXT


def test_signatures_of_unknown_keys_and_names_are_ignored() -> None:
    same_name = OTHER_SIGNER.sign("other text\n").split(b"\n\n")[1]
    same_id = Signature(name="other", key_id=VERIFIER.key_id, signature=b"?").to_text().encode()
    assert VERIFIER.open(NOTE + same_name + same_id + b"\n") == TEXT


def test_a_known_key_that_fails_refuses_the_note_whatever_else_is_there() -> None:
    bad = Signature(name=ORIGIN, key_id=VERIFIER.key_id, signature=bytes(64)).to_text().encode()
    for note in (NOTE + bad + b"\n", TEXT.encode() + b"\n" + bad + b"\n" + SIGNATURE_LINE):
        with pytest.raises(SignatureInvalid, match="does not verify"):
            VERIFIER.open(note)


def test_a_note_without_a_signature_of_the_key_is_refused() -> None:
    with pytest.raises(SignatureInvalid, match="not signed by the given key"):
        OTHER_SIGNER.verifier.open(NOTE)


def test_every_single_bit_of_text_and_signature_counts() -> None:
    start, end = NOTE.index(b"\n\n"), len(NOTE) - 1
    raw = base64.b64decode(NOTE[start:end].rsplit(b" ", 1)[1])
    for at in range(4, len(raw)):
        flipped = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        forged = NOTE[:end].rsplit(b" ", 1)[0] + b" " + base64.b64encode(flipped) + b"\n"
        with refusal_of(SignatureInvalid, "signature_invalid"):
            VERIFIER.open(forged)


VKEY = VERIFIER.to_text()


def vkey_of(type_and_key: bytes) -> str:
    return f"{ORIGIN}+{VERIFIER.key_id.hex()}+{base64.b64encode(type_and_key).decode()}"


KEY_BYTES = base64.b64decode(VKEY.split("+", 2)[2])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        ORIGIN,
        VKEY + "\n",
        " " + VKEY,
        VKEY.replace(ORIGIN, "other"),
        VKEY.replace(ORIGIN, ""),
        VKEY.replace(ORIGIN, "na me"),
        VKEY.replace(VERIFIER.key_id.hex(), VERIFIER.key_id.hex().upper()),
        VKEY.replace(VERIFIER.key_id.hex(), "00000000"),
        VKEY.rstrip("=")[:-1],
        vkey_of(b""),
        vkey_of(b"\x02" + KEY_BYTES[1:]),
        vkey_of(KEY_BYTES + b"x"),
    ],
)
def test_any_other_verifier_key_is_refused(vkey: str) -> None:
    with refusal_of(MalformedNote, "malformed_note"):
        Verifier.from_text(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\x1fb"])
def test_key_names_have_no_spaces_or_plus_signs(name: str) -> None:
    with refusal_of(MalformedNote, "malformed_note"):
        Signer(name=name, seed=bytes(32))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_has_32_bytes(length: int) -> None:
    with pytest.raises(MalformedNote, match="32 bytes"):
        Signer(name=ORIGIN, seed=bytes(length))


def test_a_signer_shows_neither_key_nor_seed() -> None:
    seed = b"a seed that must not be printed!"
    signer = Signer(name=ORIGIN, seed=seed)
    shown = f"{signer!r} {signer} {vars(signer)!r}"
    assert seed.decode() not in shown
    assert seed.hex() not in shown


def test_a_cosigned_note_opens_under_both_keys_and_is_claimed_by_each() -> None:
    both = OTHER_SIGNER.cosign(NOTE)
    assert both.startswith(NOTE)
    for verifier in (VERIFIER, OTHER_SIGNER.verifier):
        assert verifier.open(both) == TEXT
        assert claimed(both, [verifier]) == verifier
    assert claimed(NOTE, [OTHER_SIGNER.verifier]) is None
    assert claimed(both, [OTHER_SIGNER.verifier, VERIFIER]) == OTHER_SIGNER.verifier
