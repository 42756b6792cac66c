from __future__ import annotations

import pytest

from understudy.core.rules.ranking import Standing, is_ranked, rank_of, standing_of

RANKS = {"admin": 100, "finance": 10, "Team Lead": 50, "member": 0}


@pytest.mark.parametrize(
    "role",
    [
        "admin",
        "Admin",
        "ADMIN",
        "org:admin",
        "ORG:Admin",
        "admin,member",
        "member;admin",
        "admin|member",
        "member admin",
        "member\tadmin",
        " admin ",
        '["admin"]',
        '["member", "org:Admin"]',
        '["member", ["admin"]]',
        '["\\u0061dmin"]',
        "['admin']",
        "{member,admin}",
        '["admin", ',
        "[admin]",
        "ad\u200bmin",
        "\uff21dmin",
        "[" * 2000 + '"admin"',
    ],
)
def test_a_role_has_its_rank_however_an_app_writes_it(role: str) -> None:
    assert rank_of((role,), RANKS) == 100


def test_the_highest_of_several_counts() -> None:
    assert rank_of(("finance", "member,team lead"), RANKS) == 50
    assert rank_of((), RANKS) == 0
    assert standing_of((), RANKS) == Standing(rank=0, unranked=())


def test_a_role_that_is_ranked_whole_is_not_taken_apart() -> None:
    ranks = {"team admin": 10, "admin": 100}
    assert standing_of(("Team  Admin".replace("  ", " "),), ranks) == Standing(rank=10, unranked=())
    assert rank_of(("team lead",), RANKS) == 50
    assert rank_of(("support admin",), RANKS) == 100


def test_of_two_spellings_of_a_ranked_role_the_higher_counts() -> None:
    for ranks in ({"Admin": 5, "org:admin": 100}, {"org:admin": 100, "Admin": 5}):
        assert rank_of(("admin",), ranks) == 100


def test_what_has_no_rank_is_named_once_by_its_parts() -> None:
    found = standing_of(("Editor,admin", "editor|viewer", "[]", "--"), RANKS)
    assert found == Standing(rank=100, unranked=("editor", "viewer"))
    assert not is_ranked("admin,editor", RANKS)
    assert is_ranked("admin,member", RANKS)


def test_numbers_in_a_list_are_roles_by_their_digits() -> None:
    assert rank_of(("[7, null]",), {"7": 70}) == 70
