from __future__ import annotations

import pytest

from tests.unit.cli.conftest import CommandLine, Prepared
from understudy.core.applications.application import UnrankedRoles
from understudy.core.impersonation.tokens import token_hash
from understudy.core.ports import Unit

CALLBACK = ("--redirect-url", "https://app.example/_understudy/callback")


def test_an_app_is_made_and_its_secret_shown_once(empty: CommandLine) -> None:
    made = empty.facts("app", "create", "Invoices", *CALLBACK, "--allow-impersonation")
    assert {**made, "application_id": "app", "secret": "usk"} == {
        "application_id": "app",
        "secret": "usk",
        "name": "Invoices",
        "vertical": "b2b",
        "impersonation_allowed": True,
        "launch_url": "https://app.example/_understudy/launch",
    }
    stored = empty.do(lambda unit: unit.applications.get(made["application_id"]))
    assert stored.settings.unranked_roles is UnrankedRoles.REFUSE
    found = empty.do(lambda unit: unit.applications.by_secret(made["secret"]))
    assert found == stored
    assert found.secret_hash != token_hash(made["secret"])
    assert made["secret"] not in empty.run("app", "list").output


def test_an_app_may_allow_roles_without_a_rank_from_the_start(empty: CommandLine) -> None:
    made = empty.facts("app", "create", "Shop", *CALLBACK, "--unranked-roles", "allow")
    stored = empty.do(lambda unit: unit.applications.get(made["application_id"]))
    assert stored.settings.unranked_roles is UnrankedRoles.ALLOW


def test_impersonation_is_off_unless_asked_for(empty: CommandLine) -> None:
    made = empty.facts("app", "create", "Shop", *CALLBACK, "--vertical", "consumer")
    assert made["impersonation_allowed"] is False
    assert made["vertical"] == "consumer"


def test_several_redirect_urls_are_kept_in_order(empty: CommandLine) -> None:
    more = ("--redirect-url", "http://localhost:8000/cb")
    made = empty.facts("app", "create", "Invoices", *CALLBACK, *more)
    stored = empty.do(lambda unit: unit.applications.get(made["application_id"]))
    assert stored.settings.redirect_urls == (CALLBACK[1], more[1])


@pytest.mark.parametrize(
    ("words", "launch_url"),
    [
        (("https://a.example/sub/_understudy/callback",), "sub/_understudy/launch"),
        (("https://a.example/cb", "--launch-url", "https://a.example/go"), "go"),
    ],
)
def test_an_app_below_a_path_is_launched_there_or_where_it_says(
    empty: CommandLine, words: tuple[str, ...], launch_url: str
) -> None:
    made = empty.facts("app", "create", "Invoices", "--redirect-url", *words)
    assert made["launch_url"] == f"https://a.example/{launch_url}"


def test_a_launch_at_another_origin_is_refused(empty: CommandLine) -> None:
    said = empty.refused("app", "create", "Shop", *CALLBACK, "--launch-url", "https://b.example/go")
    assert said.endswith("[invalid_input]")


def test_a_token_in_the_url_is_chosen_and_goes_to_the_redirect_url(empty: CommandLine) -> None:
    made = empty.facts("app", "create", "Invoices", *CALLBACK, "--hand-off", "stytch")
    assert made["launch_url"] == CALLBACK[1]
    stored = empty.do(lambda unit: unit.applications.get(made["application_id"]))
    assert stored.settings.hand_off == "stytch"


@pytest.mark.parametrize("url", ["http://app.example/cb", "app.example", "https://app.example/#x"])
def test_an_address_that_cannot_be_used_is_refused(empty: CommandLine, url: str) -> None:
    said = empty.refused("app", "create", "Invoices", "--redirect-url", url)
    assert said.endswith("[invalid_input]")
    assert empty.facts("app", "list") == []


@pytest.mark.parametrize(
    "words",
    [
        ("app", "create", "Invoices"),
        ("app", "create", *CALLBACK),
        ("app", "create", "Invoices", *CALLBACK, "--vertical", "b2c"),
        ("app", "create", "Invoices", *CALLBACK, "--hand-off", "pigeon"),
    ],
)
def test_what_is_missing_or_unknown_is_said_by_the_usage(
    empty: CommandLine, words: tuple[str, ...]
) -> None:
    done = empty.run(*words)
    assert done.exit_code == 2
    assert "Usage:" in done.stderr


def test_apps_are_listed(prepared: Prepared) -> None:
    assert prepared.facts("app", "list") == [
        {
            "application_id": prepared.app_id,
            "name": "Invoices",
            "status": "active",
            "impersonation_allowed": True,
        }
    ]
    shown = prepared.run("app", "list").stdout
    assert prepared.app_id in shown
    assert "Invoices" in shown


def test_no_app_is_said_with_a_way_on(empty: CommandLine) -> None:
    done = empty.run("app", "list")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "understudy app create" in done.stderr


def test_what_the_command_line_does_is_written_down_as_its_work(prepared: Prepared) -> None:
    def look(unit: Unit) -> object:
        entry = unit.entries.get(1)
        return entry and (entry.type, entry.core, entry.personal)

    kind, core, personal = prepared.do(look)
    assert kind == "application.created"
    assert core["actor_kind"] == "system"
    assert personal["actor_name"] == "command line"


def test_an_app_gets_a_new_secret_and_the_old_one_is_dead_unless_it_is_to_overlap(
    empty: CommandLine,
) -> None:
    made = empty.facts("app", "create", "Invoices", *CALLBACK)
    rotated = empty.facts("app", "secret", made["application_id"])
    assert rotated["application_id"] == made["application_id"]
    assert empty.do(lambda unit: unit.applications.by_secret(made["secret"])) is None
    again = empty.facts("app", "secret", made["application_id"], "--overlap-minutes", "5")
    for given in (rotated, again):
        found = empty.do(lambda unit: unit.applications.by_secret(given["secret"]))  # noqa: B023
        assert found is not None
    assert again["secret"] not in empty.run("app", "list").output


def test_an_app_that_is_not_there_gets_no_secret(empty: CommandLine) -> None:
    refused = empty.run("app", "secret", "app_nowhere")
    assert refused.exit_code == 1
    assert "There is no application app_nowhere" in refused.output
