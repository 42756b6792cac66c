"""What a session may not do, however a request is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.impersonation.restrictions import (
    SAFE_METHODS,
    Blocked,
    BlockedAction,
    Restrictions,
    Rulebook,
    Scope,
    effective_methods,
    judge,
    judge_scope,
    normalise_path,
    opens,
    rulebook,
    spellings,
)

DELETE_KEY = BlockedAction(method="DELETE", pattern="/api/keys/{key_id}", label="Delete API keys")
BLOCKED = Blocked(code="action_blocked", label="Delete API keys")
READ_ONLY = Blocked(code="read_only", label="changes")


def restrict(*actions: BlockedAction, scope: Scope = Scope.FULL) -> Restrictions:
    return Restrictions(scope=scope, blocked_actions=actions)


def block(method: str, pattern: str) -> Restrictions:
    return restrict(BlockedAction(method=method, pattern=pattern, label="it"))


@pytest.mark.parametrize(
    "path",
    [
        "/api/keys/7",
        "/api/keys/7/",
        "/API/Keys/7",
        "//api///keys//7",
        "/api/./keys/7",
        "/api/x/../keys/7",
        "/api/%6b%65ys/7",
        "/api%2fkeys%2f7",
        "/api%2Fkeys/7",
        "/api%252fkeys%252f7",
        "/api%25252fkeys/7",
        "/api/%2e%2e/api/keys/7",
        "/api/%252e%252e/api/keys/7",
        "/api;v=1/keys;x/7;y=z",
        "/api/keys/7%3bx",
        "\\api\\keys\\7",
        "/api%5ckeys%5c7",
        "/api/keys/7%00",
        "/api/keys/7%00.css",
        "/api/keys/7\x00/more",
        "/api/keys/7%20",
        "/api/keys%09/7",
        "/api/ke\ufffdys/7",  # what was no UTF-8, which some leave out
        "/api/ke%FFys/7",
        "/api/\u212aeys/7",  # the Kelvin sign, whose small letter is k
        "/api/keys/..",
        "/api/keys/..;/..;/api/keys/7",
        "/api/keys/a%2fb",
        "/api/keys/a%252fb",
        "/api/keys/a\\b",
        "/api/keys/;a",
        "/api/keys/%20",
        "/api/keys/.",
    ],
)
def test_a_blocked_path_is_blocked_in_every_spelling(path: str) -> None:
    assert judge(restrict(DELETE_KEY), method="DELETE", path=path) == BLOCKED


@pytest.mark.parametrize(
    "path", ["/", "/api/keys", "/api/keys/", "/api/keys/7/uses", "/api/keysx/7", "/x/api/keys/7"]
)
def test_other_paths_are_not_blocked(path: str) -> None:
    assert judge(restrict(DELETE_KEY), method="DELETE", path=path) is None


@pytest.mark.parametrize("method", ["DELETE", "delete", " Delete "])
def test_a_method_is_matched_in_any_case(method: str) -> None:
    assert judge(restrict(DELETE_KEY), method=method, path="/api/keys/7") == BLOCKED


def test_another_method_is_not_blocked() -> None:
    assert judge(restrict(DELETE_KEY), method="GET", path="/api/keys/7") is None


@pytest.mark.parametrize("override", ["DELETE", "delete", " DELETE"])
def test_a_method_override_counts_as_that_method(override: str) -> None:
    found = judge(restrict(DELETE_KEY), method="POST", path="/api/keys/7", overrides=[override])
    assert found == BLOCKED


def test_an_override_does_not_hide_the_real_method() -> None:
    found = judge(restrict(DELETE_KEY), method="DELETE", path="/api/keys/7", overrides=["GET"])
    assert found == BLOCKED


def test_a_blocked_get_blocks_head_too() -> None:
    assert judge(block("GET", "/export"), method="HEAD", path="/export") is not None


def test_a_blocked_head_leaves_get_alone() -> None:
    assert judge(block("HEAD", "/export"), method="GET", path="/export") is None


@pytest.mark.parametrize("method", ["GET", "POST", "PROPFIND"])
def test_a_star_blocks_every_method(method: str) -> None:
    assert judge(block("*", "/billing"), method=method, path="/billing") is not None


def test_a_star_stands_beside_rules_for_one_method() -> None:
    rules = restrict(DELETE_KEY, BlockedAction(method="*", pattern="/billing", label="Billing"))
    found = judge(rules, method="DELETE", path="/billing")
    assert found == Blocked(code="action_blocked", label="Billing")


@pytest.mark.parametrize("path", ["/billing", "/billing/", "/billing/a", "/billing/a/b/c"])
def test_a_final_double_star_covers_any_rest_and_none(path: str) -> None:
    assert judge(block("*", "/billing/**"), method="GET", path=path) is not None


@pytest.mark.parametrize("path", ["/", "/a", "/a/b"])
def test_a_double_star_alone_covers_everything(path: str) -> None:
    assert judge(block("*", "/**"), method="GET", path=path) is not None


def test_a_double_star_in_the_middle_covers_any_number_of_segments() -> None:
    rules = block("*", "/a/**/z")
    assert judge(rules, method="GET", path="/a/z") is not None
    assert judge(rules, method="GET", path="/a/b/c/z") is not None
    assert judge(rules, method="GET", path="/a/b/c") is None


def test_a_double_star_does_not_cover_a_longer_name() -> None:
    assert judge(block("*", "/billing/**"), method="GET", path="/billings") is None


def test_the_root_can_be_blocked_alone() -> None:
    assert judge(block("POST", "/"), method="POST", path="/") is not None
    assert judge(block("POST", "/"), method="POST", path="") is not None
    assert judge(block("POST", "/"), method="POST", path="/a") is None


def test_a_placeholder_may_be_part_of_a_segment() -> None:
    rules = block("GET", "/reports/{name}.csv")
    assert judge(rules, method="GET", path="/reports/march.csv") is not None
    assert judge(rules, method="GET", path="/reports/march.pdf") is None


def test_a_placeholder_stands_for_one_segment_only() -> None:
    assert judge(block("GET", "/a/{b}"), method="GET", path="/a/b/c") is None


def test_a_path_placeholder_stands_for_several_segments() -> None:
    rules = block("GET", "/files/{rest:path}")
    assert judge(rules, method="GET", path="/files/a/b/c") is not None
    assert judge(rules, method="GET", path="/files") is None


def test_a_pattern_is_read_as_loosely_as_a_path() -> None:
    rules = block("POST", "//API//Keys%20old/")
    assert judge(rules, method="POST", path="/api/keys%20old") is not None


def test_marks_of_regular_expressions_in_a_pattern_are_plain_text() -> None:
    assert judge(block("GET", "/a.c"), method="GET", path="/abc") is None
    assert judge(block("GET", "/a+(b)"), method="GET", path="/a+(b)") is not None


def test_the_first_rule_that_covers_a_request_names_it() -> None:
    rules = restrict(
        BlockedAction(method="POST", pattern="/a/{b}", label="first"),
        BlockedAction(method="POST", pattern="/a/**", label="second"),
    )
    found = judge(rules, method="POST", path="/a/b")
    assert found == Blocked(code="action_blocked", label="first")


@pytest.mark.parametrize("method", sorted(SAFE_METHODS))
def test_read_only_lets_safe_methods_pass(method: str) -> None:
    assert judge(restrict(scope=Scope.READ_ONLY), method=method, path="/") is None


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPPATCH", "GETX"])
def test_read_only_refuses_every_other_method(method: str) -> None:
    assert judge(restrict(scope=Scope.READ_ONLY), method=method, path="/") == READ_ONLY


def test_read_only_refuses_a_safe_method_with_an_unsafe_override() -> None:
    rules = restrict(scope=Scope.READ_ONLY)
    assert judge(rules, method="GET", path="/", overrides=["PATCH"]) == READ_ONLY


def test_a_blocked_action_is_named_before_the_scope() -> None:
    rules = restrict(DELETE_KEY, scope=Scope.READ_ONLY)
    assert judge(rules, method="DELETE", path="/api/keys/7") == BLOCKED


def test_full_scope_judges_no_method() -> None:
    assert judge_scope(Scope.FULL, ["DELETE"]) is None


def test_effective_methods_are_all_that_a_layer_may_see() -> None:
    assert effective_methods("post", ["Delete", " ", ""]) == {"POST", "DELETE"}


def test_a_rulebook_without_rules_blocks_nothing() -> None:
    assert Rulebook(()).blocked(("DELETE",), ("/anything",)) is None


def test_normalising_resolves_all_habits_at_once() -> None:
    assert normalise_path("/A//b%252e/%2e%2e;x/C\\d/") == "/a/c/d"
    assert normalise_path("/../..") == "/"


def test_a_plain_path_has_one_spelling() -> None:
    assert list(spellings("/Projects/12/tasks.json")) == ["/projects/12/tasks.json"]
    assert list(spellings("/projects/")) == ["/projects"]


PATHS = st.text(alphabet="/.;%2fFeE5cC \\aA\x00", max_size=20)


@given(PATHS)
def test_the_normal_form_is_always_among_the_spellings(path: str) -> None:
    assert normalise_path(path) in spellings(path)


@given(PATHS)
def test_spellings_begin_with_one_slash_and_end_with_none(path: str) -> None:
    for spelling in spellings(path):
        assert spelling == "/" or (spelling[0] == "/" and spelling[-1] != "/")
        assert "//" not in spelling


@given(PATHS)
def test_letter_case_never_changes_what_is_blocked(path: str) -> None:
    rules = Rulebook([DELETE_KEY, BlockedAction(method="DELETE", pattern="/a/**", label="a")])
    assert rules.blocked(("DELETE",), (path,)) == rules.blocked(("DELETE",), (path.swapcase(),))


def test_sessions_under_the_same_rules_share_one_rulebook_and_others_do_not() -> None:
    other = BlockedAction(method="DELETE", pattern="/api/keys/{key_id}", label="Drop API keys")
    shared = rulebook((DELETE_KEY,))
    assert rulebook((DELETE_KEY,)) is shared
    assert rulebook((other,)) is not shared


def test_a_remembered_verdict_is_one_for_its_very_methods_and_paths() -> None:
    rules = Rulebook([DELETE_KEY])
    for _ in range(2):
        assert rules.blocked(("GET",), ("/api/keys/7",)) is None
        assert rules.blocked(("DELETE",), ("/api/keys",)) is None
        assert rules.blocked(("DELETE",), ("/api/keys/7",)) == BLOCKED
        assert rules.blocked(("DELETE",), ("/", "/api/keys/7")) == BLOCKED
        assert rules.blocked(frozenset({"GET", "DELETE"}), ("/api/keys/7",)) == BLOCKED


@pytest.mark.parametrize(
    ("paths", "is_open"),
    [
        (["/invoices/1"], True),
        (["/Invoices/1/"], True),
        (["/invoices/1", "/customers/1"], False),
        (["/customers/..%2finvoices/1"], False),
        (["/invoices/%2e%2e/customers"], False),
        ([], False),
    ],
)
def test_what_is_opened_is_so_by_every_reading(paths: list[str], is_open: bool) -> None:
    assert opens(("/invoices/{id}", "/reports/**"), paths) is is_open
    assert not opens((), paths)
