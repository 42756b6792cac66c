from __future__ import annotations

import pytest

from tests.unit.cli.conftest import PASSWORD, CommandLine, Prepared
from understudy.core.people.permissions import Role
from understudy.core.people.principals import Operator
from understudy.core.people.staff import StaffAccount
from understudy.core.ports import Unit
from understudy.flows.origin import Origin
from understudy.flows.people import sign_in, staff, team
from understudy.flows.people.lock import FREE_FAILURES
from understudy.wires.native.passwords import MIN_LENGTH, password_matches


def _stored(line: CommandLine, email: str) -> Operator | None:
    found: Operator | None = line.do(lambda unit: unit.operators.by_email(email))
    return found


def test_an_operator_with_a_password_from_standard_input_can_sign_in(empty: CommandLine) -> None:
    made = empty.facts(
        "operator", "create", "Mara@X.example", "--role", "admin", "--role", "auditor",
        "--password-stdin", "--name", "Mara L.", stdin=f"{PASSWORD}\r\nnext line",
    )  # fmt: skip
    assert set(made) == {"operator_id", "email", "roles"}
    assert (made["email"], made["roles"]) == ("mara@x.example", ["admin", "auditor"])
    stored = _stored(empty, "mara@x.example")
    assert stored is not None
    assert stored.active
    assert stored.name == "Mara L."
    assert password_matches(PASSWORD, stored.password_hash)


def test_a_password_is_never_printed_or_stored(empty: CommandLine) -> None:
    words = ("operator", "create", "a@x.example", "--role", "admin", "--password-stdin")
    assert PASSWORD not in empty.run(*words, stdin=PASSWORD).output
    for path in empty.folder.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes()


def test_without_a_password_there_is_a_link(
    empty: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_PUBLIC_URL", "https://understudy.example")
    made = empty.facts("operator", "create", "kim@x.example", "--role", "approver")
    assert set(made) == {"operator_id", "email", "roles", "invitation_url", "expires_at"}
    url, _, token = made["invitation_url"].partition("#token=")
    assert url == "https://understudy.example/invitation"
    assert made["expires_at"].endswith("+00:00")
    joined = empty.do(
        lambda unit: team.join(unit, token, name="Kim", password_hash="x", origin=Origin())
    )
    assert joined.id == made["operator_id"]


@pytest.mark.parametrize(
    "password",
    ["", "short", "x" * (MIN_LENGTH - 1), "a" * 40, "ab" * 20],
    ids=lambda text: text[:6],
)
def test_a_weak_password_is_refused_and_nobody_is_made(empty: CommandLine, password: str) -> None:
    words = ("operator", "create", "kim@x.example", "--role", "admin", "--password-stdin")
    assert empty.refused(*words, stdin=password).endswith("[invalid_input]")
    assert _stored(empty, "kim@x.example") is None


@pytest.mark.parametrize("email", ["kim", "@x.example", "kim@", "k im@x.example", " "])
def test_what_is_no_address_is_refused(empty: CommandLine, email: str) -> None:
    said = empty.refused("operator", "create", email, "--role", "admin")
    assert "not an e-mail address" in said


def test_an_address_is_taken_once(prepared: Prepared) -> None:
    said = prepared.refused("operator", "create", "SAM@support.example", "--role", "admin")
    assert said.endswith("[already_exists]")


@pytest.mark.parametrize("words", [(), ("--role", "superuser")])
def test_a_role_is_one_of_the_four(empty: CommandLine, words: tuple[str, ...]) -> None:
    done = empty.run("operator", "create", "kim@x.example", *words)
    assert done.exit_code == 2
    assert "Usage:" in done.stderr


def test_operators_are_listed_without_secrets(prepared: Prepared) -> None:
    prepared.facts("operator", "create", "kim@x.example", "--role", "admin", "--group", "leads")
    listed = prepared.facts("operator", "list")
    assert [(one["email"], one["status"], one["roles"]) for one in listed] == [
        ("kim@x.example", "invited", "admin"),
        ("sam@support.example", "active", "support_manager"),
    ]
    assert set(listed[0]) == {
        "operator_id", "email", "name", "roles", "groups", "status", "taken_over",
    }  # fmt: skip
    assert [one["groups"] for one in listed] == ["leads", ""]


def test_groups_are_shown_and_changed(prepared: Prepared) -> None:
    def said(*words: str) -> list[str]:
        found: list[str] = prepared.facts("operator", "groups", *words)["groups"]
        return found

    sam = "sam@support.example"
    assert said(sam) == []
    assert said(sam, "--add", "leads", "--add", "billing") == ["billing", "leads"]
    assert said("Sam@Support.example", "--add", "dpo", "--remove", "leads") == ["billing", "dpo"]
    assert said(sam, "--add", "dpo", "--remove", "nobodys") == ["billing", "dpo"]
    assert prepared.run("operator", "groups", sam).stdout.count("billing dpo") == 1
    for words in ((sam, "--add", "The Leads"), ("nobody@x.example",), ("nobody",)):
        assert prepared.run("operator", "groups", *words).exit_code != 0
    assert said(sam) == ["billing", "dpo"]


def test_no_operator_is_said_with_a_way_on(empty: CommandLine) -> None:
    assert "understudy operator create" in empty.run("operator", "list").stderr


def test_a_lock_is_opened_by_hand(prepared: Prepared) -> None:
    def fail(unit: Unit) -> None:
        for _ in range(FREE_FAILURES):
            sign_in.sign_in_failed(unit, "sam@support.example", origin=Origin())

    def is_locked(unit: Unit) -> bool:
        attempt = sign_in.look_up(unit, unit.vault, "sam@support.example", unit.now)
        return attempt.locked_until is not None

    prepared.do(fail)
    assert prepared.do(is_locked)
    facts = prepared.facts("operator", "unlock", "sam@support.example")
    assert facts == {"email": "sam@support.example", "unlocked": True}
    assert not prepared.do(is_locked)
    assert "not an e-mail address" in prepared.refused("operator", "unlock", "sam")


def test_an_address_is_freed_for_another_of_the_apps_staff(prepared: Prepared) -> None:
    kim = StaffAccount(
        id="17", email="kim@support.example", name="Kim", roles=frozenset({Role.SUPPORT_MANAGER})
    )

    def come(unit: Unit) -> str:
        begun = staff.let_in(unit, kim, before=None, origin=Origin())
        assert isinstance(begun, sign_in.SignedIn)
        return begun.operator.id

    operator_id = prepared.do(come)
    facts = prepared.facts("operator", "free-address", "kim@support.example")
    assert facts == {"email": "kim@support.example", "freed_of": [operator_id]}
    assert _stored(prepared, "kim@support.example") is None
    said = prepared.refused("operator", "free-address", "sam@support.example")
    assert said.endswith("[conflict]")
    assert "not an e-mail address" in prepared.refused("operator", "free-address", "kim")


def test_whoever_runs_the_service_confirms_that_an_account_is_its_owners(
    prepared: Prepared,
) -> None:
    sam = _stored(prepared, "sam@support.example")
    assert sam is not None

    def take_over(unit: Unit) -> None:
        link = team.reinvite(unit, sam.id, by=sam.party, origin=Origin())
        team.join(unit, link.token, name="Sam", password_hash="x", origin=Origin())

    words = ("operator", "confirm-owner", "SAM@support.example")
    assert prepared.refused(*words).endswith("[conflict]")
    prepared.do(take_over)
    doubted = [one["taken_over"] for one in prepared.facts("operator", "list")]
    assert doubted.count(True) == 1
    assert prepared.facts(*words)["confirmed"] is True
    confirmed = _stored(prepared, "sam@support.example")
    assert confirmed is not None
    assert confirmed.taken_over_at is None
    nobody = ("operator", "confirm-owner", "nobody@support.example")
    assert prepared.refused(*nobody).endswith("[not_found]")
