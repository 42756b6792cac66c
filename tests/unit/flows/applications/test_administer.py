from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.applications.application import (
    Application,
    ApplicationSettings,
    Vertical,
)
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.impersonation.restrictions import BlockedAction, Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Status
from understudy.errors import InvalidInput, NotFound
from understudy.flows.applications import administer
from understudy.flows.applications.administer import WithSecret, secret_hashes
from understudy.service.table import WIRES

CALLBACK = "https://app.example/_understudy/callback"


def _stytch(**part: object) -> dict[str, Any]:
    return {"wires": {"stytch": part}}


def _create(world: World, **settings: Any) -> WithSecret:
    return world.run(
        lambda unit: administer.create(
            unit,
            name="Payroll",
            vertical=Vertical.CONSUMER,
            settings=ApplicationSettings(**settings),
            wires=WIRES.settings,
            by=SYSTEM,
            origin=HERE,
        )
    )


def _update(world: World, application: Application) -> Application:
    return world.run(
        lambda unit: administer.update(
            unit, application, wires=WIRES.settings, by=SYSTEM, origin=HERE
        )
    )


def _rotate(world: World, application_id: str, **overlap: float) -> WithSecret:
    return world.run(
        lambda unit: administer.rotate_secret(
            unit, application_id, overlap=timedelta(**overlap), by=SYSTEM, origin=HERE
        )
    )


def _stored(world: World, application_id: str) -> Application:
    with world.engine.reading() as reader:
        found = reader.applications.get(application_id)
    assert found is not None
    return found


def test_a_new_application_permits_nothing_and_keeps_only_a_hash(installation: World) -> None:
    made = _create(installation)
    assert made.secret.startswith("usk_")
    assert made.secret not in repr(made)
    assert made.application == _stored(installation, made.application.id)
    assert made.application.secret_hash == installation.engine.vault.token_hash(
        TokenPurpose.APPLICATION_SECRET, made.secret
    )
    assert not made.application.settings.impersonation_allowed
    entry = installation.entries(EventType.APPLICATION_CREATED)[0]
    assert entry.core is not None
    details = entry.core["details"]
    assert isinstance(details, dict)
    assert details["name"] == "Payroll"
    assert details["impersonation_allowed"] is False
    assert made.secret not in str(entry)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"redirect_urls": ("http://app.example/cb",)}, "https://"),
        ({"redirect_urls": ("https://a:b@app.example/cb",)}, "password"),
        ({"redirect_urls": ("https://app.example/cb#x",)}, "fragment"),
        ({"redirect_urls": ("https://app.example/c b",)}, "spaces"),
        ({"redirect_urls": ("https://app.example\\@evil.example/",)}, "backslashes"),
        ({"redirect_urls": ("//app.example/cb",)}, "https://"),
        ({"redirect_urls": ("javascript:alert(1)",)}, "host"),
        ({"redirect_urls": (CALLBACK, "ftp://app.example/")}, "https://"),
        ({"launch_url": "https://app.example/go"}, "origin"),
        ({"redirect_urls": (CALLBACK,), "launch_url": "https://evil.example/go"}, "origin"),
        ({"redirect_urls": (CALLBACK,), "launch_url": "https://app.example/go?x"}, "query"),
        ({"session_origins": "https://view.app.example"}, "look like"),
        ({"session_origins": "http://*.view.app.example"}, "https://"),
        ({"session_origins": "https://*.example", "redirect_urls": (CALLBACK,)}, "own address"),
        ({"logout_url": "http://app.example/logout"}, "https://"),
        ({"logout_url": "https://app.example/logout#x"}, "fragment"),
        (_stytch(browser_origins=["https://app.example/"]), "nothing more"),
        (_stytch(browser_origins=["https://app.example", "null"]), "host"),
        (_stytch(rbac_roles=[{"role_id": "a"}, {"role_id": "a"}]), "role_id"),
        ({"wires": {"not here": {}}}, "no wire not here"),
        ({"default_minutes": 31, "max_minutes": 30}, "default_minutes"),
        ({"allowed_scopes": (Scope.READ_ONLY,)}, "default_scope"),
        ({"allowed_scopes": ()}, "default_scope"),
    ],
)
def test_settings_that_no_application_could_work_under_are_refused(
    installation: World, settings: dict[str, Any], what: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        _create(installation, **settings)
    assert what in refused.value.detail
    before = installation.application
    changed = replace(before, settings=replace(before.settings, **settings))
    if changed.settings != before.settings and "launch_url" not in settings:
        with refusal_of(InvalidInput, "invalid_input"):
            _update(installation, changed)
    assert _stored(installation, before.id) == before


def test_loopback_names_may_go_without_tls(installation: World) -> None:
    urls = ("http://app.localhost:8701/cb", "http://127.0.0.1/cb", "http://[::1]:1/cb")
    assert _create(installation, redirect_urls=urls).application.settings.redirect_urls == urls


def test_changing_an_application_that_is_not_there_is_refused(installation: World) -> None:
    with refusal_of(NotFound, "not_found"):
        _update(installation, replace(installation.application, id="app_nobody"))
    with refusal_of(NotFound, "not_found"):
        _rotate(installation, "app_nobody")


def test_a_change_is_an_entry_with_every_setting_in_it(installation: World) -> None:
    installation.set_up_application(
        blocked_actions=(BlockedAction(method="POST", pattern="/pay", label="paying"),),
        ticket_required=True,
    )
    entry = installation.entries(EventType.APPLICATION_UPDATED)[0]
    assert entry.core is not None
    details = entry.core["details"]
    assert isinstance(details, dict)
    assert details["blocked_actions"] == "POST /pay"
    assert details["role_ranks"] == "finance=10, owner=100"
    apart = {"default_scope", "insiders", "approval", "wires", "unknown", "loosening"}
    shared = {*ApplicationSettings.__dataclass_fields__} - apart
    terms = ("approval_quorum", "approval_roles", "approval_minutes", "break_glass")
    assert [details[name] for name in terms] == [0, "approver support_manager", 60, False]
    assert shared | {"browser_sdk", "browser_origins", "rbac_roles"} <= set(details)
    assert {*InsiderLimits.__dataclass_fields__} - {"unknown"} <= set(details)


def test_disabling_is_an_event_of_its_own_and_enabling_revives_nothing(
    installation: World,
) -> None:
    opened = installation.session()
    disabled = _update(installation, replace(installation.application, status=Status.DISABLED))
    assert installation.entries(EventType.APPLICATION_DISABLED)
    _update(installation, replace(disabled, name="Still off"))
    assert len(installation.entries(EventType.APPLICATION_DISABLED)) == 1
    _update(installation, replace(disabled, status=Status.ACTIVE))
    assert installation.stored(opened).end_cause is EndCause.APPLICATION_INACTIVE


def test_raising_a_roles_rank_ends_sessions_of_who_has_it(installation: World) -> None:
    installation.save_subject(id="ada", roles=("finance",), organization_id="acme")
    ada, bob = installation.session("ada"), installation.session("bob")
    installation.set_up_application(role_ranks={"finance": 100})
    assert installation.stored(ada).end_cause is EndCause.SUBJECT_PROTECTED
    assert installation.stored(bob).end_cause is None


def test_one_applications_change_leaves_anothers_sessions_alone(installation: World) -> None:
    opened = installation.session()
    other = replace(installation.other_application, status=Status.DISABLED)
    _update(installation, other)
    assert installation.stored(opened).end_cause is None


def test_the_old_secret_works_up_to_the_end_of_the_overlap_and_not_at_it(
    installation: World,
) -> None:
    old = installation.engine.vault.token_hash(TokenPurpose.APPLICATION_SECRET, installation.secret)
    rotated = _rotate(installation, installation.application.id, minutes=5)
    new = installation.engine.vault.token_hash(TokenPurpose.APPLICATION_SECRET, rotated.secret)
    ends = rotated.application.previous_secret_expires_at
    assert ends == installation.clock.now + timedelta(minutes=5)
    assert secret_hashes(rotated.application, ends - timedelta(milliseconds=1)) == (new, old)
    assert secret_hashes(rotated.application, ends) == (new,)
    assert _stored(installation, installation.application.id) == rotated.application


def test_without_overlap_the_old_secret_is_gone_at_once(installation: World) -> None:
    rotated = _rotate(installation, installation.application.id)
    assert rotated.application.previous_secret_hash is None
    hashes = secret_hashes(rotated.application, installation.clock.now)
    assert hashes == (
        installation.engine.vault.token_hash(TokenPurpose.APPLICATION_SECRET, rotated.secret),
    )


def test_a_second_rotation_leaves_two_secrets_at_most(installation: World) -> None:
    first = _rotate(installation, installation.application.id, days=1)
    second = _rotate(installation, installation.application.id, days=1)
    hashes = secret_hashes(second.application, installation.clock.now)
    assert hashes == (
        installation.engine.vault.token_hash(TokenPurpose.APPLICATION_SECRET, second.secret),
        installation.engine.vault.token_hash(TokenPurpose.APPLICATION_SECRET, first.secret),
    )


def test_a_rotation_is_an_entry_without_secrets(installation: World) -> None:
    rotated = _rotate(installation, installation.application.id, minutes=90)
    entry = installation.entries(EventType.APPLICATION_SECRET_ROTATED)[0]
    assert entry.core is not None
    assert entry.core["details"] == {"name": "Invoices", "overlap_minutes": 90}
    assert rotated.secret not in str(entry)
    assert installation.secret not in str(entry)


def test_rotating_ends_no_session(installation: World) -> None:
    opened = installation.session()
    _rotate(installation, installation.application.id)
    assert installation.stored(opened).end_cause is None
