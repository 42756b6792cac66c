from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fixtures.decision_point import deciding, refuses
from tests.unit.cli.conftest import Prepared
from understudy.core.impersonation.grants import Grant
from understudy.core.notices.events import EventType
from understudy.core.ports import EntryFilter, Unit
from understudy.storage.data_directory import DataDirectory


def _denials(prepared: Prepared) -> list[object]:
    def look(unit: Unit) -> list[object]:
        where = EntryFilter(types=frozenset({EventType.GRANT_DENIED}))
        return [(entry.core or {}).get("rule") for entry in unit.entries.search(where)]

    rules: list[object] = prepared.do(look)
    return rules


def test_a_decision_point_has_the_last_word_here_too(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_WEBHOOK_ALLOWED_HOSTS", "127.0.0.1")
    with deciding() as pdp:

        def ask_it(unit: Unit) -> None:
            known = unit.applications.get(prepared.app_id)
            assert known is not None
            settings = replace(known.settings, decision_point=pdp.point)
            unit.applications.save(replace(known, settings=settings))

        prepared.do(ask_it)
        assert prepared.facts(*prepared.impersonate())["status"] == "ready"
        pdp.decide = refuses
        assert prepared.run(*prepared.impersonate()).exit_code == 1
    assert _denials(prepared) == ["decision_point_refuses"]
    assert len(pdp.asked) == 2


def test_it_prints_exactly_what_scripts_build_on(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_PUBLIC_URL", "https://understudy.example")
    before = datetime.now(UTC)
    made = prepared.facts(*prepared.impersonate())
    assert list(made) == ["grant_id", "status", "impersonation_token", "launch_url", "expires_at"]
    assert made["status"] == "ready"
    assert made["launch_url"] == f"https://understudy.example/launch/{made['grant_id']}"
    expires_at = datetime.fromisoformat(made["expires_at"])
    assert before + timedelta(seconds=59) < expires_at < datetime.now(UTC) + timedelta(seconds=60)
    token = prepared.do(
        lambda unit: unit.impersonation_tokens.by_token(made["impersonation_token"])
    )
    assert token.grant_id == made["grant_id"]


def test_the_token_is_made_for_the_hand_off_of_the_app(prepared: Prepared) -> None:
    def hand_off_by_token(unit: Unit) -> None:
        application = unit.applications.get(prepared.app_id)
        assert application is not None
        settings = replace(application.settings, hand_off="stytch")
        unit.applications.save(replace(application, settings=settings))

    prepared.do(hand_off_by_token)
    made = prepared.facts(*prepared.impersonate())
    token = prepared.do(
        lambda unit: unit.impersonation_tokens.by_token(made["impersonation_token"])
    )
    assert token.wire == "stytch"
    assert token.expires_at - token.created_at == timedelta(seconds=300)


def test_what_is_asked_for_is_granted(prepared: Prepared) -> None:
    more = ("--ticket", "T-1", "--minutes", "5", "--scope", "read_only", "--organization", "acme")
    made = prepared.facts(*prepared.impersonate("ada", *more))
    grant: Grant = prepared.do(lambda unit: unit.grants.get(made["grant_id"]))
    assert (grant.ticket, grant.minutes, grant.scope) == ("T-1", 5, "read_only")
    assert grant.actor.email == "sam@support.example"
    assert grant.organization_id == "acme"


def test_its_link_leads_to_where_the_service_was_last_started(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UNDERSTUDY_PUBLIC_URL", raising=False)
    assert prepared.facts(*prepared.impersonate())["launch_url"].startswith(
        "http://localhost:8700/launch/"
    )
    DataDirectory(prepared.data_dir).note_served_at("http://localhost:9000")
    assert prepared.facts(*prepared.impersonate())["launch_url"].startswith(
        "http://localhost:9000/launch/"
    )
    monkeypatch.setenv("UNDERSTUDY_PUBLIC_URL", "https://understudy.example")
    assert prepared.facts(*prepared.impersonate())["launch_url"].startswith(
        "https://understudy.example/launch/"
    )


@pytest.mark.parametrize(
    ("words", "rule", "said"),
    [
        (("vip",), "subject_protected", "protected"),
        (("nobody",), "subject_unknown", "no such user"),
        (("ada", "--minutes", "61"), "minutes_out_of_range", "minutes"),
        (("ada", "--minutes", "0"), "minutes_out_of_range", "minutes"),
        (("ada", "--organization", "globex"), "organization_mismatch", "organization"),
        (("ada", "--reason", "short"), "reason_too_short", "too short"),
        (("ada", "--app", "app_nobody"), "application_inactive", "unknown"),
    ],
)
def test_a_rule_that_refuses_is_explained_and_written_down(
    prepared: Prepared, words: tuple[str, ...], rule: str, said: str
) -> None:
    answer = prepared.refused(*prepared.impersonate(*words))
    assert said in answer
    assert answer.endswith("[refused]")
    assert _denials(prepared) == [rule]


def test_an_operator_without_the_role_is_refused(prepared: Prepared) -> None:
    prepared.facts(
        "operator", "create", "mara@x.example", "--role", "admin", "--password-stdin",
        stdin="correct horse battery staple",
    )  # fmt: skip
    answer = prepared.refused(*prepared.impersonate("ada", "--as", "mara@x.example"))
    assert "role" in answer
    assert _denials(prepared) == ["actor_not_allowed"]


def test_an_operator_who_does_not_exist_is_named(prepared: Prepared) -> None:
    answer = prepared.refused(*prepared.impersonate("ada", "--as", "[/x]@x.example"))
    assert answer == "There is no operator [/x]@x.example. [not_found]"


def test_for_people_it_is_a_table(prepared: Prepared) -> None:
    shown = prepared.run(*prepared.impersonate()).stdout
    for name in ("grant id", "status", "impersonation token", "launch url", "expires at"):
        assert name in shown
