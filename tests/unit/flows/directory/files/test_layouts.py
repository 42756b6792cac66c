from __future__ import annotations

import pytest

from understudy.errors import InvalidInput
from understudy.flows.directory.files.layouts import Layout
from understudy.flows.directory.files.paths import Source

OWN = Layout(sources={"id": Source.parse("id"), "email": Source.parse("email")}, own=True)


def test_a_mapping_takes_the_place_of_a_source_and_has_to_be_there() -> None:
    mapped = OWN.mapped(["id=uid", "email=", "name=first + last"])
    assert {ours: str(source) for ours, source in mapped.sources.items()} == {
        "id": "uid",
        "name": "first + last",
    }
    assert mapped.demanded == {"id", "name"}
    assert mapped.unread(["uid", "first", "plan"]) == ("plan",)


@pytest.mark.parametrize("pairs", [["plan=x"], ["id"], ["id=a", "id=b"], ["id="]], ids=" ".join)
def test_a_mapping_that_cannot_be_meant_is_refused(pairs: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        OWN.mapped(pairs)
    assert (refused.value.code, refused.value.facts["field"]) == ("invalid_input", "map")


def test_a_column_that_is_nearly_ours_is_a_slip_and_others_are_not() -> None:
    slip = OWN.slip("e-mail", ["id", "e-mail"])
    assert slip is not None
    assert "email=e-mail" in slip.detail
    assert OWN.slip("plan", ["id", "plan"]) is None
    assert OWN.slip("email", ["id", "email"]) is None
