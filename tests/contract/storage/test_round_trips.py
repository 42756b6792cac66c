"""Whatever the domain can say comes back from the database as it was."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from tests.contract.storage import values
from tests.contract.storage.make import undone
from understudy.core.applications.application import Application
from understudy.core.governance.approvals import Approval
from understudy.core.governance.policies import PolicySet
from understudy.core.governance.reviews import Review
from understudy.core.impersonation.grants import Grant, ImpersonationToken
from understudy.core.impersonation.sessions import Session
from understudy.core.people.principals import (
    Invitation,
    Operator,
    OperatorSession,
    Organization,
    Subject,
)
from understudy.core.ports import SignInFailures, SigningKey, StoredAnswer
from understudy.storage.database.connection import Database

few = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@few
@given(application=values.APPLICATIONS, changed=values.APPLICATIONS)
def test_an_application_is_read_as_it_was_added_and_saved(
    shared_database: Database, application: Application, changed: Application
) -> None:
    changed = replace(changed, id=application.id)
    with undone(shared_database) as store:
        store.applications.add(application)
        assert store.applications.get(application.id) == application
        store.applications.save(changed)
        assert store.applications.get(application.id) == changed


@few
@given(organization=values.ORGANIZATIONS, changed=values.ORGANIZATIONS)
def test_an_organization_is_read_as_it_was_saved(
    shared_database: Database, organization: Organization, changed: Organization
) -> None:
    with undone(shared_database) as store:
        for value in (organization, replace(changed, id=organization.id)):
            store.organizations.save(value)
            assert store.organizations.get("app_1", organization.id) == value


@few
@given(subject=values.SUBJECTS, changed=values.SUBJECTS)
def test_a_subject_is_read_as_it_was_saved(
    shared_database: Database, subject: Subject, changed: Subject
) -> None:
    with undone(shared_database) as store:
        for value in (subject, replace(changed, id=subject.id)):
            store.subjects.save(value)
            assert store.subjects.get("app_1", subject.id) == value


@few
@given(operator=values.OPERATORS, changed=values.OPERATORS)
def test_an_operator_is_read_as_it_was_added_and_saved(
    shared_database: Database, operator: Operator, changed: Operator
) -> None:
    changed = replace(changed, id=operator.id)
    with undone(shared_database) as store:
        store.operators.add(operator)
        assert store.operators.get(operator.id) == operator
        store.operators.save(changed)
        assert store.operators.by_email(changed.email) == changed


@few
@given(session=values.OPERATOR_SESSIONS)
def test_a_sign_in_is_read_as_it_was_added(
    shared_database: Database, session: OperatorSession
) -> None:
    with undone(shared_database) as store:
        store.operator_sessions.add(session)
        assert store.operator_sessions.by_token_hash(session.token_hash) == session


@few
@given(invitation=values.INVITATIONS, changed=values.INVITATIONS)
def test_an_invitation_is_read_as_it_was_added_and_saved(
    shared_database: Database, invitation: Invitation, changed: Invitation
) -> None:
    changed = replace(changed, token_hash=invitation.token_hash)
    with undone(shared_database) as store:
        store.invitations.add(invitation)
        assert store.invitations.by_token_hash(invitation.token_hash) == invitation
        store.invitations.save(changed)
        assert store.invitations.by_token_hash(invitation.token_hash) == changed


@few
@given(failures=values.FAILURES, changed=values.FAILURES)
def test_sign_in_failures_are_read_as_they_were_saved(
    shared_database: Database, failures: SignInFailures, changed: SignInFailures
) -> None:
    with undone(shared_database) as store:
        for value in (failures, replace(changed, key=failures.key)):
            store.sign_in_failures.save(value)
            assert store.sign_in_failures.get(failures.key) == value


@few
@given(grant=values.GRANTS, changed=values.GRANTS)
def test_a_grant_is_read_as_it_was_added_and_saved(
    shared_database: Database, grant: Grant, changed: Grant
) -> None:
    changed = _still_theirs(changed, grant)
    with undone(shared_database) as store:
        store.grants.add(grant)
        assert store.grants.get(grant.id) == grant
        store.grants.save(changed)
        assert store.grants.get(grant.id) == changed


@few
@given(approval=values.APPROVALS, changed=values.APPROVALS)
def test_an_approval_is_read_as_it_was_added_and_taken_back(
    shared_database: Database, approval: Approval, changed: Approval
) -> None:
    changed = replace(approval, note=changed.note, withdrawn_at=changed.withdrawn_at)
    with undone(shared_database) as store:
        store.approvals.add(approval)
        assert store.approvals.of_grant(approval.grant_id) == [approval]
        store.approvals.save(changed)
        assert store.approvals.of_grant(approval.grant_id) == [changed]


@few
@given(review=values.REVIEWS, changed=values.REVIEWS)
def test_a_review_is_read_as_it_was_added_and_closed(
    shared_database: Database, review: Review, changed: Review
) -> None:
    changed = replace(
        review, note=changed.note, closed_at=changed.closed_at, closed_by=changed.closed_by
    )
    with undone(shared_database) as store:
        store.reviews.add(review)
        assert store.reviews.get(review.id) == review
        store.reviews.save(changed)
        assert store.reviews.get(review.id) == changed


@few
@given(token=values.TOKENS, changed=values.TOKENS)
def test_a_token_is_read_as_it_was_added_and_saved(
    shared_database: Database, token: ImpersonationToken, changed: ImpersonationToken
) -> None:
    changed = replace(
        token,
        used_at=changed.used_at,
        session_id=changed.session_id,
        attempt=changed.attempt,
    )
    with undone(shared_database) as store:
        store.impersonation_tokens.add(token)
        assert store.impersonation_tokens.by_hash(token.token_hash) == token
        store.impersonation_tokens.save(changed)
        assert store.impersonation_tokens.by_hash(token.token_hash) == changed


@few
@given(session=values.sessions(), changed=values.sessions())
def test_a_session_is_read_as_it_was_added_and_saved(
    shared_database: Database, session: Session, changed: Session
) -> None:
    changed = replace(
        session,
        last_active_at=changed.last_active_at,
        ended_at=changed.ended_at,
        end_cause=changed.end_cause,
    )
    with undone(shared_database) as store:
        store.sessions.add(session)
        assert store.sessions.get(session.id) == session
        store.sessions.save(changed)
        assert store.sessions.by_token_hash(changed.token_hash) == changed


@few
@given(answer=values.ANSWERS)
def test_a_stored_answer_is_read_as_it_was_added(
    shared_database: Database, answer: StoredAnswer
) -> None:
    with undone(shared_database) as store:
        store.stored_answers.add(answer)
        assert store.stored_answers.get(answer.scope, answer.key) == answer


@few
@given(key=values.KEYS, changed=values.KEYS)
def test_a_key_pair_is_read_as_it_was_added_and_saved(
    shared_database: Database, key: SigningKey, changed: SigningKey
) -> None:
    changed = replace(changed, id=key.id)
    with undone(shared_database) as store:
        store.signing_keys.add(key)
        assert list(store.signing_keys.of(key.use, key.application_id)) == [key]
        store.signing_keys.save(changed)
        assert list(store.signing_keys.of(changed.use, changed.application_id)) == [changed]


@few
@given(name=values.TEXTS, value=values.TEXTS, changed=values.TEXTS)
def test_a_fact_is_read_as_it_was_put(
    shared_database: Database, name: str, value: str, changed: str
) -> None:
    with undone(shared_database) as store:
        for text in (value, changed):
            store.meta.put(name, text)
            assert store.meta.get(name) == text


def _still_theirs(changed: Grant, grant: Grant) -> Grant:
    """``changed``, but of whom ``grant`` was made: that never changes."""
    actor = replace(
        grant.actor,
        email=changed.actor.email,
        name=changed.actor.name,
        rank=changed.actor.rank,
    )
    return replace(
        changed,
        id=grant.id,
        application_id=grant.application_id,
        actor=actor,
        subject_id=grant.subject_id,
        subject_ref=grant.subject_ref,
        organization_id=grant.organization_id,
        organization_ref=grant.organization_ref,
        quorum=grant.quorum,
        review_id=grant.review_id,
        created_at=grant.created_at,
        epoch=grant.epoch,
        origin=grant.origin,
        marks=grant.marks,
    )


@few
@given(policies=values.POLICIES, changed=values.POLICIES)
def test_policies_are_read_as_they_were_added_and_saved(
    shared_database: Database, policies: PolicySet, changed: PolicySet
) -> None:
    changed = replace(
        policies,
        confirmed_by=changed.confirmed_by,
        confirmed_at=changed.confirmed_at,
        withdrawn_at=changed.withdrawn_at,
    )
    with undone(shared_database) as store:
        assert store.policies.last_version("app_1") == 0
        store.policies.add(policies)
        assert store.policies.get("app_1", policies.version) == policies
        store.policies.save(changed)
        assert store.policies.list("app_1") == [changed]
        assert store.policies.last_version("app_1") == policies.version
