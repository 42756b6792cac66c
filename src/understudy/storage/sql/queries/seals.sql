-- Every sealed row, for whoever looks at all codes.

-- name: sealed_applications
-- All of them.
SELECT
    id, name, vertical, status, settings, secret_mac AS secret_hash,
    previous_secret_mac AS previous_secret_hash, previous_secret_expires_at, created_at, updated_at,
    epoch, freezes, policy_version, seal
FROM applications;

-- name: sealed_organizations
-- All of them.
SELECT
    application_id, id, ref, name, status, created_at, updated_at, slug, external_id, extra, seal
FROM organizations;

-- name: sealed_subjects
-- All of them.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status, created_at,
    updated_at, external_id, extra, honey_since, tags, seal
FROM subjects;

-- name: sealed_operators
-- All of them.
SELECT
    id, email, name, roles, rank, status, password_hash, created_at, updated_at,
    staff_id, frozen_at, groups, taken_over_at, taken_over_by, seal
FROM operators;

-- name: sealed_operator_sessions
-- All of them.
SELECT
    id, operator_id, token_mac AS token_hash, created_at, last_seen_at, expires_at, address,
    user_agent, confirmed_at, seal
FROM operator_sessions;

-- name: sealed_invitations
-- All of them.
SELECT
    token_mac AS token_hash, operator_id, created_at, expires_at, used_at, made_by, seal
FROM invitations;

-- name: sealed_grants
-- All of them.
SELECT
    id, application_id, actor_kind, actor_ref, actor_id, actor_email, actor_name, actor_rank, actor_groups,
    
    subject_id, subject_ref, organization_id, organization_ref, reason, ticket, scope, minutes,
    status, return_to, created_at, expires_at, session_ends_at, armed_until, armed_for,
    actor_claims AS actor_as_given, epoch, origin, quorum, review_id, marks, seal
FROM grants;

-- name: sealed_impersonation_tokens
-- All of them.
SELECT
    token_mac AS token_hash, grant_id, application_id, wire, redirect_uri, code_challenge,
    created_at, expires_at, used_at, session_id, attempt, seal
FROM impersonation_tokens;

-- name: sealed_sessions
-- All of them.
SELECT
    id, grant_id, application_id, actor_ref, subject_ref, organization_ref, token_mac AS token_hash,
    token_nonce, started_at, ends_at, idle_limit, last_active_at, ended_at, end_cause, seal
FROM sessions;

-- name: sealed_legal_holds
-- All of them.
SELECT
    id, application_id, subject_id, subject_ref, reason, placed_by, placed_at, released_at, seal
FROM legal_holds;

-- name: sealed_unlocks
-- All of them.
SELECT
    id, application_id, grant_id, session_id, actor_ref, subject_ref, method, fingerprint, fields,
    shown, reason, status, asked_at, expires_at, decided_by, decided_at, spent_at, seal
FROM unlocks;

-- name: sealed_reveals
-- All of them.
SELECT id, application_id, session_id, kind, match, path, revealed_at, expires_at, seal
FROM reveals;

-- name: sealed_approvals
-- All of them.
SELECT
    id, application_id, grant_id, operator_id, agreed, minutes, scope, note, decided_at,
    withdrawn_at, seal
FROM approvals;

-- name: sealed_reviews
-- All of them.
SELECT id, application_id, grant_id, opened_at, closed_at, closed_by, note, seal
FROM reviews;

-- name: sealed_consents
-- All of them.
SELECT
    id, application_id, subject_ref, kind, scope, minutes, given_at, expires_at, withdrawn_at,
    actor_ref, request_id, grant_id, seal
FROM consents;

-- name: sealed_consent_requests
-- All of them.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups,
    reason, ticket, scope, minutes, state, created_at, expires_at,
    code_hash, code_expires_at, tries, seal
FROM consent_requests;

-- name: sealed_code_tries
-- All of them.
SELECT actor_ref, since, wrong_today, wrong, seal
FROM code_tries;

-- name: sealed_cases
-- All of them.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups, session_id, kind, note, opened_at, closed_at, closed_by,
    closing_note, lifted_at, seal
FROM cases;

-- name: sealed_policy_sets
-- All of them.
SELECT
    id, application_id, version, text, set_by, set_at, confirmable_at, confirmed_by, confirmed_at,
    withdrawn_at, seal
FROM policy_sets;
