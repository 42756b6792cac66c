from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.storage.macs import Mac
from understudy.storage.seals import SEAL, SEALED, SealedTable, Seals

TABLE = SealedTable(name="things", columns=("id", "fact", "more"))
ROW = {"id": "a", "fact": 1, "more": None}


def seals(*keys: bytes) -> Seals:
    return Seals([(key * 4, Mac(key * 32)) for key in keys])


def sealed(made_by: Seals, **changes: object) -> dict[str, object]:
    row = ROW | changes
    return row | {SEAL: made_by.of(TABLE, row)}


def test_a_row_fits_as_it_was_sealed() -> None:
    assert seals(b"1").fits(TABLE, sealed(seals(b"1")))
    assert seals(b"1").fits(TABLE, sealed(seals(b"1")) | {"loose": "anything"})


@pytest.mark.parametrize(
    "change",
    [
        {"id": "b"},
        {"fact": 2},
        {"fact": "1"},
        {"fact": b"1"},
        {"more": ""},
        {SEAL: None},
        {SEAL: b""},
        {SEAL: b"1111"},
        {SEAL: bytes(36)},
    ],
)
def test_a_row_that_was_changed_does_not_fit(change: dict[str, object]) -> None:
    assert not seals(b"1").fits(TABLE, sealed(seals(b"1")) | change)


def test_a_column_that_comes_later_leaves_the_codes_of_before_as_they_are() -> None:
    one, two = (replace(TABLE, later=later) for later in (("new",), ("new", "newer")))
    made = seals(b"1")
    for row in (ROW, ROW | {"new": 1}):
        sealed_before = row | {SEAL: made.of(one, row)}
        assert made.fits(two, sealed_before)
        assert not made.fits(two, sealed_before | {"newer": 1})
    only_newer = ROW | {"newer": 1}
    assert not made.fits(one, only_newer | {SEAL: made.of(two, only_newer)})


def test_a_code_is_for_one_table() -> None:
    other = replace(TABLE, name="others")
    assert not seals(b"1").fits(other, sealed(seals(b"1")))


def test_during_a_rotation_both_keys_fit_and_the_new_one_seals() -> None:
    rotating = seals(b"2", b"1")
    assert rotating.fits(TABLE, sealed(seals(b"1")))
    assert rotating.fits(TABLE, sealed(seals(b"2")))
    assert seals(b"2").fits(TABLE, sealed(rotating))
    assert not seals(b"2").fits(TABLE, sealed(seals(b"1")))


def test_wrong_rows_are_told_of_once() -> None:
    made = seals(b"1")
    assert made.accepts(TABLE, sealed(made))
    for _ in range(2):
        assert not made.accepts(TABLE, ROW | {SEAL: None})
    [wrong] = made.untold()
    assert (wrong.table, wrong.key) == ("things", "a")
    made.told([wrong])
    assert not made.accepts(TABLE, ROW | {SEAL: None})
    assert made.untold() == []


def test_no_more_wrong_rows_are_remembered_than_memory_bears() -> None:
    made = seals(b"1")
    for number in range(1_100):
        assert not made.accepts(TABLE, ROW | {"id": str(number), SEAL: None})
    assert len(made.untold()) == 1_000


def test_a_row_is_named_by_an_id_or_by_what_looks_like_one() -> None:
    assert TABLE.key_of({"id": "ada@example.com\n" + "x" * 99}) == "ada?example?com?" + "x" * 16
    assert TABLE.key_of({"id": b"\x01\x02"}) == "0102"


def test_a_later_column_is_sealed_once_it_holds_something() -> None:
    made, grown = seals(b"1"), replace(TABLE, later=("at",))
    before = sealed(made)
    assert grown.message(ROW | {"at": None}) == TABLE.message(ROW)
    assert made.fits(grown, before | {"at": None})
    assert not made.fits(grown, before | {"at": "somewhere"})
    placed = ROW | {"at": "somewhere"}
    placed[SEAL] = made.of(grown, placed)
    assert made.fits(grown, placed)
    assert not made.fits(grown, placed | {"at": "elsewhere"})
    assert not made.fits(grown, placed | {"at": None})
    assert not made.fits(TABLE, placed)


def test_a_column_behind_a_later_one_leaves_the_codes_of_before() -> None:
    made, grown = seals(b"1"), replace(TABLE, later=("at",))
    again = replace(TABLE, later=("at", "for_whom"))
    placed = ROW | {"at": "somewhere"}
    placed[SEAL] = made.of(grown, placed)
    assert made.fits(again, placed | {"for_whom": None})
    assert not made.fits(again, placed | {"for_whom": "ada"})


def test_what_is_sealed_is_frozen() -> None:
    row: dict[str, object] = dict.fromkeys(SEALED["legal_holds"].columns, "a")
    row |= {"placed_at": 1_700_000_000_000, "released_at": None}
    assert (
        seals(b"1").of(SEALED["legal_holds"], row).hex()
        == "313131319527c8105b0407e0d218324bc8599b2ac89413eb60f03307fb640bca2209b914"
    )
    grant: dict[str, object] = dict.fromkeys(SEALED["grants"].columns, "a")
    at_its_own = grant | {"origin": "https://understudy-a.view.app.example"}
    assert [seals(b"1").of(SEALED["grants"], row).hex() for row in (grant, at_its_own)] == [
        "313131311d89026a96f1bea485b77cf46ef779f434d10969a0a70e940c886cbb51d69f54",
        "313131311beb8fe1bfda25179e28ac410f7455d5a5af0b7173386242a4403513af293e60",
    ]


@pytest.mark.parametrize(
    ("table", "later", "codes"),
    [
        (
            "operators",
            {"staff_id": "17"},
            [
                "31313131168f0f5815029bda633a9bc6d474cd0a218f81ff8f505a5ae1603158c1fb52ab",
                "31313131e10d125e958b47e15f9a07830255cbef156d8c5ebd9610246607a4573cab4f58",
            ],
        ),
        (
            "operator_sessions",
            {"confirmed_at": 1_700_000_000_000},
            [
                "31313131f70b30fc6187471224f9baa39ed566114826635c31e5c0bce8849caa6ad8a9a2",
                "31313131e9d989635fd6c5ae6d9a46e9814a06be24c7e647c2a55f9d4ccc81d026113998",
            ],
        ),
    ],
)
def test_what_is_sealed_of_staff_of_an_app_is_frozen(
    table: str, later: dict[str, object], codes: list[str]
) -> None:
    row: dict[str, object] = dict.fromkeys(SEALED[table].columns, "a")
    assert [seals(b"1").of(SEALED[table], one).hex() for one in (row, row | later)] == codes
