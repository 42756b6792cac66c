from __future__ import annotations

from tests.unit.wires.clerk.values import a_subject
from understudy.wires.clerk.kept import Kept, kept_of, merged, roles_after, roles_in, with_kept


def test_a_name_of_two_parts_comes_back_in_two_parts() -> None:
    kept = Kept(first_name="Ada", last_name="Lovett", username="ada")
    subject = a_subject(extra=with_kept({"stytch": {"x": 1}}, kept))
    assert kept_of(subject) == kept
    assert subject.extra["stytch"] == {"x": 1}


def test_a_name_that_changed_elsewhere_is_all_first_name() -> None:
    kept = Kept(first_name="Ada", last_name="Byron", username="ada")
    found = kept_of(a_subject(extra=with_kept({}, kept)))
    assert (found.first_name, found.last_name, found.username) == ("Ada Lovett", None, "ada")
    assert kept_of(a_subject()).first_name == "Ada Lovett"
    assert kept_of(a_subject(name=None)) == Kept()


def test_nothing_kept_takes_no_room() -> None:
    assert with_kept({"clerk": {"username": "x"}, "stytch": {}}, Kept()) == {"stytch": {}}


def test_metadata_merge_deeply_and_null_takes_away() -> None:
    before = {"a": 1, "b": {"c": 1, "d": 2}, "e": {"f": 1}}
    change = {"a": None, "b": {"c": None, "g": 3}, "e": 7, "h": {"i": 1}, "j": None}
    assert merged(before, change) == {"b": {"d": 2, "g": 3}, "e": 7, "h": {"i": 1}}
    assert before == {"a": 1, "b": {"c": 1, "d": 2}, "e": {"f": 1}}


def test_roles_stand_in_public_metadata() -> None:
    metadata = {"role": "org:admin", "roles": ["org:admin", "editor", 7, ""]}
    assert roles_in(Kept(public_metadata=metadata)) == ("org:admin", "editor")
    assert roles_in(Kept(public_metadata={"role": None}, private_metadata=metadata)) == ()


def test_only_a_change_of_metadata_changes_roles_and_only_its_own() -> None:
    admin, nobody = Kept(public_metadata={"role": "admin"}), Kept()
    assert roles_after(("billing",), nobody, admin) == ("billing", "admin")
    assert roles_after(("billing", "admin"), admin, nobody) == ("billing",)
    assert roles_after(("billing",), admin, admin) == ("billing",)
