from __future__ import annotations

from tests.contract.rules.world import HERE, World
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.flows.directory import maintain
from understudy.flows.directory.unranked import Unranked, UnrankedRole, unranked_roles


def _found(world: World) -> Unranked:
    with world.engine.reading() as reader:
        return unranked_roles(reader, world.application)


def test_roles_without_a_rank_are_counted_by_who_holds_them(installation: World) -> None:
    assert _found(installation) == Unranked(users=0, roles=())
    installation.save_subject(id="ada", roles=("Editor,owner",))
    installation.save_subject(id="bob", roles=("editor", "viewer"))
    installation.save_subject(id="cy", roles=("org:Owner",))
    found = _found(installation)
    assert found == Unranked(
        users=2, roles=(UnrankedRole(role="editor", users=2), UnrankedRole(role="viewer", users=1))
    )
    assert str(found) == "2 users hold roles without a rank: editor (2), viewer (1)"


def test_of_many_roles_some_are_named(installation: World) -> None:
    installation.save_subject(id="ada", roles=tuple(f"r{number:02}" for number in range(12)))
    assert str(_found(installation)).startswith("1 user holds roles without a rank: r00 (1), ")
    assert str(_found(installation)).endswith("r09 (1) and 2 more")


def test_another_applications_and_deleted_users_do_not_count(installation: World) -> None:
    installation.save_subject(id="ada", roles=("editor",))
    installation.run(
        lambda unit: maintain.delete_subject(
            unit, installation.application, SubjectId("ada"), by=SYSTEM, origin=HERE
        )
    )
    installation.application = installation.other_application
    assert _found(installation).users == 0
