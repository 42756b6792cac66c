from __future__ import annotations

import pytest

from understudy.flows.directory.files.faults import BadRow
from understudy.flows.directory.files.rows import from_cells, row_of


def test_cells_become_what_they_mean() -> None:
    cells = {"id": " 7 ", "protected": "Yes", "roles": "owner; finance", "name": ""}
    assert from_cells(cells) == {
        "id": "7",
        "protected": True,
        "roles": ["owner", "finance"],
        "name": None,
    }
    assert from_cells({"id": "7", "roles": '["a b"]'})["roles"] == ["a b"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"id": "1.2E+11"}, "id_shortened"),
        ({"id": "7", "protected": "maybe"}, "protected_not_boolean"),
    ],
)
def test_cells_that_cannot_be_meant_are_refused(cells: dict[str, object], code: str) -> None:
    with pytest.raises(BadRow) as refused:
        from_cells(cells)
    assert refused.value.problem == code


def test_a_number_may_be_an_id_and_what_is_absent_stays_unsaid() -> None:
    row = row_of(3, 1, {"id": 42, "name": "Ada"})
    assert (row.line, row.row, row.facts.id, row.facts.name) == (3, 1, "42", "Ada")
    assert row.organization_name is None


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"name": "Ada"}, "id_missing"),
        ({"id": "7", "email": "nobody"}, "email_malformed"),
        ({"id": "7", "name": "a\u202eb"}, "name_not_text"),
        ({"id": "x" * 256}, "id_too_long"),
        ({"id": "7", "roles": [1]}, "roles_not_texts"),
    ],
)
def test_a_record_that_cannot_be_meant_is_refused(members: dict[str, object], code: str) -> None:
    with pytest.raises(BadRow) as refused:
        row_of(1, None, members)
    assert refused.value.problem == code
