from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.contract.rules.world import HERE, World
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Organization, Status, Subject
from understudy.core.rules.organization import ORGANIZATION_INACTIVE
from understudy.core.rules.subject import SUBJECT_UNKNOWN
from understudy.errors import AlreadyExists, InvalidInput, NotFound
from understudy.flows.directory import maintain
from understudy.flows.directory.maintain import Further, SubjectFacts
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused

ADA = SubjectFacts(
    id=SubjectId("ada"),
    email="ada@acme.example",
    name="Ada",
    organization_id=OrganizationId("acme"),
)


def _subject(world: World, subject_id: str) -> Subject | None:
    with world.engine.reading() as reader:
        return reader.subjects.get(world.application.id, SubjectId(subject_id))


def _save(world: World, facts: SubjectFacts) -> Subject:
    return world.run(
        lambda unit: maintain.save_subject(unit, world.application, facts, by=SYSTEM, origin=HERE)
    )


def _delete(world: World, subject_id: str) -> None:
    world.run(
        lambda unit: maintain.delete_subject(
            unit, world.application, SubjectId(subject_id), by=SYSTEM, origin=HERE
        )
    )


def _save_organization(
    world: World, organization_id: str, *, name: str = "Acme", disabled: bool | None = None
) -> Organization:
    return world.run(
        lambda unit: maintain.save_organization(
            unit,
            world.application,
            OrganizationId(organization_id),
            name=name,
            disabled=disabled,
            by=SYSTEM,
            origin=HERE,
        )
    )


def _delete_organization(world: World, organization_id: str) -> None:
    world.run(
        lambda unit: maintain.delete_organization(
            unit, world.application, OrganizationId(organization_id), by=SYSTEM, origin=HERE
        )
    )


def test_saving_the_same_again_changes_nothing_and_is_no_entry(installation: World) -> None:
    before, entries = _subject(installation, "ada"), len(installation.entries())
    installation.clock.forward(minutes=1)
    assert _save(installation, replace(ADA, email="ADA@Acme.example ")) == before
    assert len(installation.entries()) == entries


def test_what_is_not_said_stays_and_nothing_takes_away(installation: World) -> None:
    before = _save(installation, replace(ADA, disabled=True, roles=("finance",), protected=True))
    assert _save(installation, SubjectFacts(id=SubjectId("ada"))) == before
    installation.clock.forward(minutes=1)
    emptied = SubjectFacts(
        id=SubjectId("ada"),
        email=None,
        name=None,
        organization_id=None,
        roles=(),
        protected=False,
    )
    after = _save(installation, emptied)
    assert after == replace(
        before,
        email=None,
        name=None,
        organization_id=None,
        roles=(),
        protected=False,
        updated_at=installation.clock.now,
    )
    assert after.status is Status.DISABLED
    assert _save(installation, replace(ADA, disabled=False)).status is Status.ACTIVE


def test_an_entry_says_how_roles_of_several_words_and_of_somebody_new_rank(
    installation: World,
) -> None:
    _save(installation, SubjectFacts(id=SubjectId("new"), roles=("Finance, owner", "x")))
    details = (installation.entries()[0].core or {})["details"]
    assert details == {
        "status": "active",
        "protected": False,
        "roles": '["Finance, owner", "x"]',
        "rank": 100,
    }


def test_an_entry_says_before_and_after_of_what_rules_judge_by(installation: World) -> None:
    _save(installation, replace(ADA, roles=("finance",), protected=True))
    _save(installation, replace(ADA, roles=("member", "owner"), protected=False))
    unprotected, saved = installation.entries()[:2]
    assert (saved.type, unprotected.type) == ("subject.saved", "subject.unprotected")
    for entry in (saved, unprotected):
        assert (entry.core or {})["details"] == {
            "status": "active",
            "protected": False,
            "protected_before": True,
            "roles": "member owner",
            "roles_before": "finance",
            "rank": 100,
            "rank_before": 10,
        }
    _save(installation, replace(ADA, name="Ada L."))
    assert (installation.entries()[0].core or {})["details"] == {
        "status": "active",
        "protected": False,
    }


def test_a_subject_needs_an_organization_that_is_there(installation: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        _save(installation, replace(ADA, organization_id=OrganizationId("nowhere")))
    assert "nowhere" in refused.value.detail
    _delete_organization(installation, "globex")
    with refusal_of(InvalidInput, "invalid_input"):
        _save(installation, replace(ADA, organization_id=OrganizationId("globex")))


def test_a_deleted_subject_leaves_a_tombstone_without_name_and_address(
    installation: World,
) -> None:
    before = _subject(installation, "ada")
    assert before is not None
    _delete(installation, "ada")
    tomb = _subject(installation, "ada")
    assert tomb is not None
    assert (tomb.ref, tomb.status) == (before.ref, Status.DELETED)
    assert (tomb.email, tomb.name, tomb.roles) == (None, None, ())
    assert installation.ask("ada") == Denied(rule=SUBJECT_UNKNOWN)


def test_deleting_twice_is_no_error_and_one_entry(installation: World) -> None:
    _delete(installation, "ada")
    _delete(installation, "ada")
    assert len(installation.entries(EventType.SUBJECT_DELETED)) == 1


def test_what_was_never_there_cannot_be_deleted(installation: World) -> None:
    with refusal_of(NotFound, "not_found"):
        _delete(installation, "nobody")
    with refusal_of(NotFound, "not_found"):
        _delete_organization(installation, "nowhere")


def test_the_same_id_after_a_deletion_is_somebody_new(installation: World) -> None:
    before = _subject(installation, "ada")
    assert before is not None
    _save(installation, replace(ADA, disabled=True))
    _delete(installation, "ada")
    after = _save(installation, ADA)
    assert after.ref != before.ref
    assert after.status is Status.ACTIVE


def test_another_applications_subject_of_the_same_id_is_another(installation: World) -> None:
    opened = installation.session("ada")
    with refusal_of(NotFound, "not_found"):
        installation.run(
            lambda unit: maintain.delete_subject(
                unit, installation.other_application, SubjectId("ada"), by=SYSTEM, origin=HERE
            )
        )
    made = installation.run(
        lambda unit: maintain.save_subject(
            unit,
            installation.other_application,
            SubjectFacts(id=SubjectId("ada"), protected=True),
            by=SYSTEM,
            origin=HERE,
        )
    )
    assert made.application_id == installation.other_application.id
    assert installation.stored(opened).end_cause is None


def test_the_entry_of_a_deletion_still_says_who_it_was(installation: World) -> None:
    _delete(installation, "ada")
    entry = installation.entries(EventType.SUBJECT_DELETED)[0]
    assert entry.personal is not None
    assert entry.personal["subject_email"] == "ada@acme.example"


def test_an_organization_saved_again_is_no_entry(installation: World) -> None:
    first = _save_organization(installation, "acme")
    entries = len(installation.entries())
    assert _save_organization(installation, "acme") == first
    assert len(installation.entries()) == entries
    renamed = _save_organization(installation, "acme", name="Acme Ltd")
    assert renamed == replace(first, name="Acme Ltd", updated_at=installation.clock.now)


def test_renaming_an_organization_keeps_it_disabled_and_ends_nothing(installation: World) -> None:
    opened = installation.session("ada")
    _save_organization(installation, "acme", name="Acme Ltd")
    assert installation.stored(opened).end_cause is None
    _save_organization(installation, "acme", disabled=True)
    assert installation.stored(opened).end_cause is EndCause.SUBJECT_INACTIVE
    assert _save_organization(installation, "acme", name="Again").status is Status.DISABLED
    assert installation.ask("ada") == Denied(rule=ORGANIZATION_INACTIVE)


def test_deleting_an_organization_twice_is_one_entry(installation: World) -> None:
    _delete_organization(installation, "acme")
    _delete_organization(installation, "acme")
    assert len(installation.entries(EventType.ORGANIZATION_DELETED)) == 1
    assert installation.ask("ada") == Denied(rule=ORGANIZATION_INACTIVE)


def test_an_organization_made_anew_under_the_same_id_is_another(installation: World) -> None:
    before = _save_organization(installation, "acme")
    token = installation.token(installation.granted("ada"))
    _delete_organization(installation, "acme")
    after = _save_organization(installation, "acme")
    assert after.ref != before.ref
    assert installation.exchange(token) == TokenRefused(why=ORGANIZATION_INACTIVE.code)
    assert installation.session("ada").session.organization_ref == after.ref


def _further(subject_id: str, external_id: str | None, **extra: Any) -> SubjectFacts:
    return SubjectFacts(
        id=SubjectId(subject_id),
        organization_id=OrganizationId("acme"),
        further=Further(external_id=external_id, extra=extra),
    )


def test_what_a_wire_keeps_stays_until_a_wire_changes_it(installation: World) -> None:
    _save(installation, _further("ida", "crm-1", wire={"plan": "gold"}))
    saved = _save(
        installation,
        SubjectFacts(id=SubjectId("ida"), name="Ida", organization_id=OrganizationId("acme")),
    )
    assert (saved.external_id, saved.extra) == ("crm-1", {"wire": {"plan": "gold"}})
    saved = _save(installation, _further("ida", None))
    assert (saved.external_id, saved.extra) == (None, {})


def test_a_change_of_what_a_wire_keeps_is_an_entry(installation: World) -> None:
    _save(installation, _further("ida", "crm-1"))
    before = len(installation.entries(EventType.SUBJECT_SAVED))
    _save(installation, _further("ida", "crm-1"))
    assert len(installation.entries(EventType.SUBJECT_SAVED)) == before
    _save(installation, _further("ida", "crm-1", wire=1))
    assert len(installation.entries(EventType.SUBJECT_SAVED)) == before + 1


def test_no_two_subjects_have_one_external_id(installation: World) -> None:
    _save(installation, _further("ida", "crm-1"))
    with refusal_of(AlreadyExists, "already_exists"):
        _save(installation, _further("ivo", "crm-1"))
    _save(installation, _further("ida", "crm-1", wire=1))
    _delete(installation, "ida")
    _save(installation, _further("ivo", "crm-1"))


def test_no_two_organizations_have_one_slug_or_external_id(installation: World) -> None:
    def save(organization_id: str, further: Further) -> Organization:
        return installation.run(
            lambda unit: maintain.save_organization(
                unit,
                installation.application,
                OrganizationId(organization_id),
                name="Any",
                disabled=None,
                further=further,
                by=SYSTEM,
                origin=HERE,
            )
        )

    save("one", Further(slug="a", external_id="crm-1"))
    for further in (Further(slug="a"), Further(external_id="crm-1")):
        with refusal_of(AlreadyExists, "already_exists"):
            save("two", further)
    kept = save("one", Further(slug="a", external_id="crm-1", extra={"wire": 1}))
    assert (kept.slug, kept.external_id, kept.extra) == ("a", "crm-1", {"wire": 1})
    assert _save_organization(installation, "one", name="New").extra == {"wire": 1}


def test_a_wire_keeps_no_more_than_16_kib(installation: World) -> None:
    _save(installation, _further("ida", None, text="x" * 16_000))
    with refusal_of(InvalidInput, "invalid_input"):
        _save(installation, _further("ida", None, text="x" * 16_384))
