from __future__ import annotations

from tests.contract.rules.world import World
from understudy.flows.impersonation.actors import actor_ref, named_actor


def test_whom_an_application_names_is_found_by_the_same_id_again(installation: World) -> None:
    vault = installation.engine.vault
    actor = named_actor(vault, "app_1", "staff-7", email="kim@app.example", name="Kim")
    assert actor.ref == actor_ref(vault, "app_1", "staff-7")
    assert "staff-7" not in actor.ref


def test_one_id_names_different_people_in_two_applications(installation: World) -> None:
    vault = installation.engine.vault
    assert actor_ref(vault, "app_1", "staff-7") != actor_ref(vault, "app_2", "staff-7")


def test_an_operator_is_the_same_everywhere_and_others_take_an_application(
    installation: World,
) -> None:
    vault = installation.engine.vault
    assert actor_ref(vault, None, "opr_1") == actor_ref(vault, "app_1", "opr_1") == "opr_1"
    assert actor_ref(vault, None, "staff-7") is None
