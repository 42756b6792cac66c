"""Moves of admins, of the app that knows its users, and of time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.contract.histories.drawing import MOSTLY, READING, STAFF, SUBJECTS, move
from tests.contract.histories.policy_texts import POLICIES
from tests.contract.histories.stage import PEOPLE, Stage
from tests.contract.rules.world import HERE
from understudy.core.governance.approvals import ApprovalTerms
from understudy.core.governance.consents import ConsentTerms
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.impersonation.restrictions import Scope
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.people.principals import OperatorStatus, Status
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.directory.import_subjects import ImportRow, import_subjects
from understudy.flows.directory.maintain import SubjectFacts
from understudy.flows.governance import policies
from understudy.flows.impersonation.expire import expire
from understudy.flows.people import team
from understudy.flows.people.sign_in import change_password, sign_out_everywhere

TENANTS = st.sampled_from(["acme", "globex"])
MODES = st.sampled_from(["off", "off", "standing", "ask"])
ROLES = st.sampled_from([(), ("owner",), ("finance",), ("owner",), ("key_account",)])
TAGS = st.sampled_from([(), ("vip",), ("vip", "beta")])
GROUPS = st.sampled_from([(), ("leads",), ("trainees",), ("leads", "trainees"), ("trainees",)])


class Settings:
    """What admins set for the application."""

    stage: Stage

    def set(self, **changes: Any) -> None:
        self.stage.world.set_up_application(**changes)

    @move(allowed=MOSTLY)
    def switches(self, allowed: bool) -> None:
        """Impersonation is switched off, or on again."""
        self.stage.facts.app.allowed = allowed
        self.set(impersonation_allowed=allowed)
        if not allowed:
            self._forget_what_waits()

    @move(active=MOSTLY)
    def disables_application(self, active: bool) -> None:
        """The application is disabled, or there again."""
        world, status = self.stage.world, Status.ACTIVE if active else Status.DISABLED
        self.stage.facts.app.active = active
        changed = replace(world.application, status=status)
        world.application = world.run(
            lambda unit: administer.update(unit, changed, by=SYSTEM, origin=HERE)
        )
        if not active:
            self._forget_what_waits()

    def _forget_what_waits(self) -> None:
        for grant in self.stage.facts.grants.values():
            grant.closed = grant.closed or "of before the switching off"

    @move(most=st.sampled_from([60, 60, 20, 8]), idle=st.sampled_from([10, 10, 30, 3]))
    def sets_minutes(self, most: int, idle: int) -> None:
        """Sessions may last for shorter, or for longer."""
        app = self.stage.facts.app
        app.max_minutes, app.idle_minutes = most, idle
        self.set(max_minutes=most, default_minutes=min(30, most), idle_minutes=idle)

    @move(only_reading=READING)
    def sets_scope(self, only_reading: bool) -> None:
        """Nothing but reading is allowed, or everything."""
        self.stage.facts.app.only_reading = only_reading
        scopes = (Scope.READ_ONLY,) if only_reading else (Scope.FULL, Scope.READ_ONLY)
        self.set(allowed_scopes=scopes, default_scope=scopes[0])

    @move(weight=3, mode=MODES, of_acme=MODES)
    def sets_consent(self, mode: str, of_acme: str) -> None:
        """Users are asked, or one organization's are."""
        app = self.stage.facts.app
        app.consent, app.consent_of = mode, {"acme": of_acme}
        self.set(consent=ConsentTerms(mode=mode, organizations=app.consent_of))  # type: ignore[arg-type]

    @move(weight=2, quorum=st.sampled_from([0, 0, 1, 2]), glass=READING)
    def sets_quorum(self, quorum: int, glass: bool) -> None:
        """More have to agree, or fewer; without them one may go ahead for a short time, or not."""
        app = self.stage.facts.app
        app.quorum, app.break_glass, app.break_glass_minutes = quorum, glass, 5
        self.set(approval=ApprovalTerms(quorum=quorum, break_glass=glass, break_glass_minutes=5))

    @move(finance=st.sampled_from([10, 10, 50, 100]))
    def sets_ranks(self, finance: int) -> None:
        """A role ranks higher, or lower."""
        self.stage.facts.app.ranks["finance"] = finance
        self.set(role_ranks=dict(self.stage.facts.app.ranks))

    @move(weight=3, policy=st.sampled_from(POLICIES))
    def sets_policies(self, policy: Any) -> None:
        """Other policies are in force."""
        world = self.stage.world
        app, found = world.application.id, policies.require_sound(world.engine.judge, policy.text)
        done = self.stage.did(
            lambda unit: policies.change(unit, app, found, by=SYSTEM, origin=HERE)
        )
        assert done is not None
        self.stage.facts.app.policy = policy
        self.stage.world.application = self._application()

    def _application(self) -> Any:
        with self.stage.world.engine.reading() as reader:
            return reader.applications.get(self.stage.world.application.id)

    @move()
    def loosens_all(self) -> None:
        """All is as it was in the beginning, so that work goes on."""
        self.switches(allowed=True)
        self.disables_application(active=True)
        self.sets_policies(policy=POLICIES[0])
        self.sets_consent(mode="off", of_acme="off")
        self.sets_quorum(quorum=0, glass=False)
        self.sets_minutes(most=60, idle=10)
        self.sets_scope(only_reading=False)
        self.sets_ranks(finance=10)
        self.stage.facts.app.subjects_an_hour = self.stage.facts.app.subjects_a_day = None
        self.set(insiders=InsiderLimits())


class Directory:
    """What the application says of its users."""

    stage: Stage

    @move(weight=3, subject=SUBJECTS, roles=ROLES, imported=READING)
    def gives_roles(self, subject: str, roles: tuple[str, ...], imported: bool) -> None:
        """A user holds other roles, by one call or by a file."""
        self._say(subject, imported=imported, roles=roles)

    @move(subject=SUBJECTS, tags=TAGS, imported=READING)
    def tags(self, subject: str, tags: tuple[str, ...], imported: bool) -> None:
        """A user has other tags, by one call or by a file."""
        self._say(subject, imported=imported, tags=tags)

    @move(subject=SUBJECTS, protected=READING, imported=READING)
    def protects(self, subject: str, protected: bool, imported: bool) -> None:
        """A user is protected, or no longer."""
        self._say(subject, imported=imported, protected=protected)

    @move(subject=SUBJECTS, disabled=READING)
    def disables(self, subject: str, disabled: bool) -> None:
        """A user is disabled, or there again."""
        self._say(subject, disabled=disabled)

    @move(subject=SUBJECTS, organization=st.sampled_from(["acme", "globex", None]))
    def moves(self, subject: str, organization: str | None) -> None:
        """A user belongs to another organization."""
        self._say(subject, organization=organization)

    @move(subject=SUBJECTS, who=st.sampled_from(["sam", "lou", "kim", None, None]))
    def has_the_address_of(self, subject: str, who: str | None) -> None:
        """A user turns out to have somebody's address."""
        own = f"{subject}@users.example"
        self._say(subject, email=self.stage.facts.actors[who].email if who else own)

    @move(subject=SUBJECTS)
    def deletes(self, subject: str) -> None:
        """A user is deleted; whoever gets the id is somebody else."""
        person, app = self.stage.facts.people[subject], self.stage.world.application
        self.stage.world.run(
            lambda unit: maintain.delete_subject(
                unit, app, SubjectId(subject), by=SYSTEM, origin=HERE
            )
        )
        person.deleted = True

    def mend_person(self, subject: str) -> None:
        """A user in whose account others may work."""
        organization = PEOPLE[subject]
        self._say(subject, email=f"{subject}@users.example", organization=organization)
        self._say(subject, roles=(), tags=(), protected=False, disabled=False)

    def _say(self, subject: str, *, imported: bool = False, **said: Any) -> None:
        person, world = self.stage.facts.people[subject], self.stage.world
        if person.deleted:
            person.__init__(  # type: ignore[misc]
                id=subject, email=f"{subject}@users.example", generation=person.generation + 1
            )
            said = {"email": person.email, **said}
        for name, value in said.items():
            setattr(person, name, value)
        if "organization" in said:
            said["organization_id"] = said.pop("organization")
            if said["organization_id"] is not None:
                self._ensure(said["organization_id"])
        facts = SubjectFacts(id=SubjectId(subject), **said)
        if imported:
            rows = [ImportRow(line=1, row=1, facts=facts)]
            world.run(
                lambda unit: import_subjects(
                    unit, world.application, rows, (), partial=False, by=SYSTEM, origin=HERE
                )
            )
        else:
            world.save_subject(id=subject, **said)

    @move(tenant=TENANTS, active=MOSTLY)
    def disables_organization(self, tenant: str, active: bool) -> None:
        """An organization is disabled, or there again."""
        self._save(tenant, active)

    @move(tenant=TENANTS)
    def deletes_organization(self, tenant: str) -> None:
        """An organization is deleted, and another one of its name is there."""
        app = self.stage.world.application
        self.stage.world.run(
            lambda unit: maintain.delete_organization(
                unit, app, OrganizationId(tenant), by=SYSTEM, origin=HERE
            )
        )
        found = self.stage.facts.tenants[tenant]
        found.active, found.generation = False, found.generation + 1

    def _ensure(self, tenant: str) -> None:
        if not self.stage.facts.tenants[tenant].active:
            self._save(tenant, True)

    def _save(self, tenant: str, active: bool) -> None:
        app = self.stage.world.application
        self.stage.world.run(
            lambda unit: maintain.save_organization(
                unit,
                app,
                OrganizationId(tenant),
                name=tenant,
                disabled=not active,
                by=SYSTEM,
                origin=HERE,
            )
        )
        self.stage.facts.tenants[tenant].active = active


class Team:
    """What becomes of operators."""

    stage: Stage

    @move(who=STAFF, active=MOSTLY)
    def disables_operator(self, who: str, active: bool) -> None:
        """An operator is disabled, or enabled again."""
        status = OperatorStatus.ACTIVE if active else OperatorStatus.DISABLED
        self._change(who, status=status)
        self.stage.facts.actors[who].active = active

    @move(
        who=STAFF,
        roles=st.sampled_from(
            [
                (Role.SUPPORT_MANAGER,),
                (Role.SUPPORT_MANAGER,),
                (Role.SUPPORT_MANAGER, Role.APPROVER),
                (Role.AUDITOR,),
                (Role.APPROVER,),
            ]
        ),
    )
    def changes_roles(self, who: str, roles: tuple[Role, ...]) -> None:
        """An operator is promoted or demoted."""
        self._change(who, roles=frozenset(roles))
        self.stage.facts.actors[who].roles = frozenset(str(role) for role in roles)

    @move(weight=3, who=STAFF, groups=GROUPS)
    def joins_groups(self, who: str, groups: tuple[str, ...]) -> None:
        """An operator is in other groups."""
        self._change(who, groups=groups)
        self.stage.facts.actors[who].groups = frozenset(groups)

    def mend_operator(self, who: str) -> None:
        """An operator who may work as others."""
        self.disables_operator(who=who, active=True)
        self.changes_roles(who=who, roles=(Role.SUPPORT_MANAGER,))

    def _change(self, who: str, **changes: Any) -> None:
        operator = self.stage.operator(who)
        change = team.OperatorChange(**changes)
        self.stage.world.run(
            lambda unit: team.update(unit, operator.id, change, by=SYSTEM, origin=HERE)
        )

    @move(who=STAFF, password=READING)
    def starts_afresh(self, who: str, password: bool) -> None:
        """An operator has a new password, or is signed out everywhere."""
        operator = self.stage.operator(who)
        if not password:
            self.stage.world.run(
                lambda unit: sign_out_everywhere(unit, operator, by=SYSTEM, origin=HERE)
            )
        elif not self.stage.did(
            lambda unit: change_password(unit, operator, password_hash="y", origin=HERE)
        ):
            return
        for grant in self.stage.facts.grants.values():
            if grant.actor == who:
                grant.closed = grant.closed or "of before they were signed out"
        self.stage.over("everything was ended", lambda one: one.grant.actor == who)

    @move(who=st.sampled_from(["kim", "ray"]))
    def invites(self, who: str) -> None:
        """Somebody whom the application names as an actor is to be an operator."""
        email = self.stage.facts.actors[who].email
        self.stage.did(
            lambda unit: team.invite(
                unit, email=email, name=who, roles=[Role.AUDITOR], by=SYSTEM, origin=HERE
            )
        )
        self.stage.facts.app.addresses.add(email)


class Time:
    """What only the clock does."""

    stage: Stage

    @move(seconds=st.sampled_from([1, 20, 90, 240, 290, 300, 560, 1200]), swept=st.booleans())
    def passes(self, seconds: int, swept: bool) -> None:
        """Time goes by, and the service ends what is due, or has not come to it."""
        self.stage.world.clock.forward(seconds=seconds)
        if swept:
            self.stage.world.run(expire)
