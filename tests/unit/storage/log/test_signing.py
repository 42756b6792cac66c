from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.storage.engines import NOON, Clock, engine_on, marks
from tests.fixtures.refusals import refusal_of
from understudy.audit.entries.handover import Handover
from understudy.audit.tlog.checkpoint import open_checkpoint
from understudy.audit.tlog.note import Signer, Verifier
from understudy.core.notices.events import EventType
from understudy.core.ports import KeyUse, SigningKey
from understudy.errors import KeyMismatch, LogUnwritable, MalformedNote, SignatureInvalid
from understudy.storage.engine.engine import StoreEngine
from understudy.storage.log.signing import LogKey, LogKeyring, LogKeys, log_origin

HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'u.db'}"


@pytest.fixture
def engine(url: str, tmp_path: Path, clock: Clock) -> Iterator[StoreEngine]:
    with engine_on(url, tmp_path / "data", clock=clock) as engine:
        yield engine


def stored_keys(engine: StoreEngine) -> list[SigningKey]:
    with engine.reading() as reader:
        return list(reader.signing_keys.of(KeyUse.LOG))


def signed_by(engine: StoreEngine) -> list[bool]:
    """For each key of the log, whether the present checkpoint verifies under it."""
    return [verifies(engine.checkpoint(), verifier, engine) for verifier in engine.verifiers()]


def verifies(note: bytes, verifier: Verifier, engine: StoreEngine) -> bool:
    try:
        open_checkpoint(note, verifier=verifier, origin=engine.origin)
    except SignatureInvalid:
        return False
    return True


def test_origin_is_a_name_without_a_scheme() -> None:
    assert log_origin("0123456789abcdef") == "understudy.local/0123456789abcdef"


def test_private_half_is_encrypted_and_neither_half_is_printed(engine: StoreEngine) -> None:
    (key,) = stored_keys(engine)
    seed = engine.vault.decrypt(
        f"signing key/log/{key.id}/{key.public.hex()}", key.private_encrypted
    )
    assert Signer(name=engine.origin, seed=seed).verifier.public_key == key.public
    assert seed not in key.private_encrypted
    assert repr(key.private_encrypted) not in repr(key)


def test_new_key_is_announced_by_the_old_one_and_signs_after_the_overlap(
    engine: StoreEngine, clock: Clock
) -> None:
    old = engine.checkpoint()
    new = engine.rotate_log_key(overlap=HOUR)
    assert [verifier.to_text() for verifier in engine.verifiers()][1:] == [new.to_text()]
    assert signed_by(engine) == [True, True]
    clock.move(HOUR - timedelta(milliseconds=1))
    engine.run(marks("a"))
    assert signed_by(engine) == [True, True]
    clock.move(timedelta(milliseconds=1))
    engine.run(marks("b"))
    assert signed_by(engine) == [False, True]
    assert verifies(old, engine.verifiers()[0], engine)
    assert engine.verify().ok


def test_announcement_is_an_entry(engine: StoreEngine) -> None:
    new = engine.rotate_log_key(overlap=HOUR)
    (key,) = (key for key in stored_keys(engine) if key.public == new.public_key)
    with engine.reading() as reader:
        entry = reader.entries.get(1)
    assert entry is not None
    assert entry.type == EventType.KEYS_ROTATED
    assert entry.core is not None
    details = entry.core["details"]
    assert isinstance(details, dict)
    assert details | {"signature": ""} == {
        "use": "log",
        "key_id": key.id,
        "vkey": new.to_text(),
        "signs_from_ms": int((NOON + HOUR).timestamp() * 1000),
        "old_vkey": engine.verifiers()[0].to_text(),
        "signature": "",
    }
    assert Handover.from_details(details).is_signed()


def test_both_keys_sign_until_the_handover_and_a_replaced_plan_signs_no_more(
    engine: StoreEngine, clock: Clock
) -> None:
    engine.rotate_log_key(overlap=HOUR)
    clock.move(HOUR / 2)
    urgent = engine.rotate_log_key(overlap=timedelta(0))
    engine.run(marks("a"))
    assert verifies(engine.checkpoint(), urgent, engine)
    assert signed_by(engine).count(True) == 1


def test_rotation_without_overlap_takes_effect_in_its_own_group(engine: StoreEngine) -> None:
    engine.rotate_log_key(overlap=timedelta(0))
    assert signed_by(engine) == [False, True]
    engine.run(marks("a"))
    assert engine.verify().ok


def test_urgent_rotation_overtakes_a_planned_one(engine: StoreEngine, clock: Clock) -> None:
    engine.rotate_log_key(overlap=HOUR)
    clock.move(timedelta(minutes=1))
    urgent = engine.rotate_log_key(overlap=timedelta(0))
    assert verifies(engine.checkpoint(), urgent, engine)
    clock.move(2 * HOUR)
    engine.run(marks("a"))
    assert verifies(engine.checkpoint(), urgent, engine)
    assert len(engine.verifiers()) == 3


def test_second_planned_rotation_leaves_no_time_without_a_key(
    engine: StoreEngine, clock: Clock
) -> None:
    engine.rotate_log_key(overlap=HOUR)
    clock.move(HOUR / 2)
    engine.rotate_log_key(overlap=HOUR)
    signers = []
    for _ in range(4):
        engine.run(marks("a"))
        signers.append(signed_by(engine).index(True))
        clock.move(HOUR / 2)
    assert signers == [0, 1, 2, 2]


def test_other_node_signs_with_the_new_key_without_being_told(
    engine: StoreEngine, url: str, tmp_path: Path, clock: Clock
) -> None:
    with engine_on(url, tmp_path / "data", clock=clock) as other:
        engine.rotate_log_key(overlap=timedelta(0))
        other.run(marks("a"))
        assert signed_by(other) == [False, True]
        assert other.verify().ok


def test_node_whose_clock_is_behind_signs_with_the_first_key(
    engine: StoreEngine, url: str, tmp_path: Path
) -> None:
    with engine_on(url, tmp_path / "data", clock=Clock(NOON - HOUR)) as other:
        assert other.run(marks("a")) == 1


def test_log_without_a_key_in_force_cannot_be_written(engine: StoreEngine, clock: Clock) -> None:
    (key,) = stored_keys(engine)
    engine.run(lambda unit: unit.signing_keys.save(replace(key, signs_until=NOON + HOUR)))
    engine.run(marks("a"))
    clock.move(HOUR)
    with refusal_of(LogUnwritable, "log_unwritable"):
        engine.run(marks("b"))
    assert engine.verify().entries == 2


def test_keyring_refuses_a_key_that_was_changed_in_any_part(engine: StoreEngine) -> None:
    keyring = LogKeyring(engine.vault, origin=engine.origin)
    (key,) = stored_keys(engine)
    foreign = Signer(name=engine.origin, seed=os.urandom(32)).verifier.public_key
    for changed in (
        replace(key, id="key_other"),
        replace(key, public=foreign),
        replace(key, private_encrypted=key.private_encrypted[:-1] + b"\x00\x00"),
    ):
        with refusal_of(KeyMismatch, "key_mismatch"):
            keyring.open([changed])
    assert keyring.open([key]).verifiers == engine.verifiers()


def test_keyring_refuses_halves_that_were_sealed_together_but_do_not_belong(
    engine: StoreEngine,
) -> None:
    (key,) = stored_keys(engine)
    foreign = Signer(name=engine.origin, seed=os.urandom(32)).verifier.public_key
    sealed = engine.vault.encrypt(f"signing key/log/{key.id}/{foreign.hex()}", bytes(32))
    with refusal_of(KeyMismatch, "key_mismatch"):
        LogKeyring(engine.vault, origin=engine.origin).open(
            [replace(key, public=foreign, private_encrypted=sealed)]
        )


def test_note_by_an_unknown_key_has_no_verifier(engine: StoreEngine) -> None:
    (key,) = stored_keys(engine)
    own = Signer(name=engine.origin, seed=bytes(32))
    keys = LogKeys([LogKey(stored=key, signer=own)])
    assert keys.verifier_of(own.sign("text\n")) == own.verifier
    with refusal_of(SignatureInvalid, "signature_invalid"):
        keys.verifier_of(Signer(name="other", seed=bytes(32)).sign("text\n"))
    with refusal_of(MalformedNote, "malformed_note"):
        keys.verifier_of(b"nonsense")


def test_no_keys_sign_nothing() -> None:
    with pytest.raises(LogUnwritable) as caught:
        LogKeys([]).signer_at(NOON)
    assert caught.value.code == "log_unwritable"
