-- What users agreed to, what they are asked, and what they did not agree to.

-- name: consents_get
-- One agreement.
SELECT
    id, application_id, subject_ref, kind, scope, minutes, given_at, expires_at, withdrawn_at,
    actor_ref, request_id, grant_id, seal
FROM consents
WHERE id = :id;

-- name: consents_of_subject
-- What a user agreed to and something may come of, or has come, newest first.
SELECT
    id, application_id, subject_ref, kind, scope, minutes, given_at, expires_at, withdrawn_at,
    actor_ref, request_id, grant_id, seal
FROM consents
WHERE subject_ref = :subject_ref
    AND withdrawn_at IS NULL
    AND expires_at > :used_since
    AND (expires_at > :now OR grant_id IS NOT NULL)
ORDER BY given_at DESC, id DESC;

-- name: consents_add
-- A new agreement.
INSERT INTO consents (
    id, application_id, subject_ref, kind, scope, minutes, given_at, expires_at, withdrawn_at,
    actor_ref, request_id, grant_id, seal
)
VALUES (
    :id, :application_id, :subject_ref, :kind, :scope, :minutes, :given_at, :expires_at,
    :withdrawn_at, :actor_ref, :request_id, :grant_id, :seal
);

-- name: consents_save
-- An agreement was used, or withdrawn.
UPDATE consents
SET withdrawn_at = :withdrawn_at, grant_id = :grant_id, seal = :seal
WHERE id = :id;

-- name: consents_forget
-- Forget what was over by this moment.
DELETE FROM consents
WHERE expires_at <= :by
    AND subject_ref = :subject_ref  -- if subject_ref
    AND application_id = :application_id;

-- name: consent_requests_forget
-- The same of questions.
DELETE FROM consent_requests
WHERE expires_at <= :by
    AND subject_ref = :subject_ref  -- if subject_ref
    AND application_id = :application_id;

-- name: consent_requests_get
-- One question.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups,
    reason, ticket, scope, minutes, state, created_at, expires_at,
    code_hash, code_expires_at, tries, seal
FROM consent_requests
WHERE id = :id;

-- name: consent_requests_pending
-- What waits for a user's answer, newest first.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups,
    reason, ticket, scope, minutes, state, created_at, expires_at,
    code_hash, code_expires_at, tries, seal
FROM consent_requests
WHERE subject_ref = :subject_ref
    AND state = 'pending'
    AND expires_at > :now
ORDER BY created_at DESC, id DESC;

-- name: consent_requests_add
-- A new question.
INSERT INTO consent_requests (
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups,
    reason, ticket, scope, minutes, state, created_at, expires_at,
    code_hash, code_expires_at, tries, seal
)
VALUES (
    :id, :application_id, :subject_id, :subject_ref, :actor_kind, :actor_ref, :actor_id,
    :actor_email, :actor_name, :actor_rank, :actor_groups,
    :reason, :ticket, :scope, :minutes, :state,
    :created_at, :expires_at, :code_hash, :code_expires_at, :tries, :seal
);

-- name: consent_requests_save
-- A question was answered, or a code was made or tried.
UPDATE consent_requests
SET
    state = :state,
    code_hash = :code_hash,
    code_expires_at = :code_expires_at,
    tries = :tries,
    seal = :seal
WHERE id = :id;

-- name: code_tries_get
-- How many wrong codes an actor has said.
SELECT actor_ref, since, wrong_today, wrong, seal
FROM code_tries
WHERE actor_ref = :actor_ref;

-- name: code_tries_save
-- An actor has tried a code, or may try again.
INSERT INTO code_tries (actor_ref, since, wrong_today, wrong, seal)
VALUES (:actor_ref, :since, :wrong_today, :wrong, :seal)
ON CONFLICT (actor_ref) DO UPDATE SET
    since = excluded.since,
    wrong_today = excluded.wrong_today,
    wrong = excluded.wrong,
    seal = excluded.seal;

-- name: cases_get
-- One case.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups, session_id, kind, note, opened_at, closed_at, closed_by,
    closing_note, lifted_at, seal
FROM cases
WHERE id = :id;

-- name: cases_search
-- A page of cases, newest first.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups, session_id, kind, note, opened_at, closed_at, closed_by,
    closing_note, lifted_at, seal
FROM cases
WHERE TRUE
    AND closed_at IS NULL  -- if live_only
    AND lifted_at IS NULL  -- if by_frozen
    AND (opened_at, id) < (:after_opened_at, :after_id)  -- if after_id
ORDER BY opened_at DESC, id DESC
LIMIT :limit;

-- name: cases_of_actor
-- Every case of an actor.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups, session_id, kind, note, opened_at, closed_at, closed_by,
    closing_note, lifted_at, seal
FROM cases
WHERE actor_ref = :actor_ref;

-- name: cases_of_session
-- What was said of one session, by its actor.
SELECT
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups, session_id, kind, note, opened_at, closed_at, closed_by,
    closing_note, lifted_at, seal
FROM cases
WHERE actor_ref = :actor_ref
    AND session_id = :session_id
ORDER BY opened_at, id
LIMIT 1;

-- name: cases_count
-- How many cases of an actor there are, whoever wrote them.
SELECT count(*) AS number
FROM cases
WHERE actor_ref = :actor_ref;

-- name: cases_add
-- A new case.
INSERT INTO cases (
    id, application_id, subject_id, subject_ref, actor_kind, actor_ref, actor_id, actor_email,
    actor_name, actor_rank, actor_groups, session_id, kind, note, opened_at, closed_at, closed_by,
    closing_note, lifted_at, seal
)
VALUES (
    :id, :application_id, :subject_id, :subject_ref, :actor_kind, :actor_ref, :actor_id,
    :actor_email, :actor_name, :actor_rank, :actor_groups,
    :session_id, :kind, :note, :opened_at, :closed_at,
    :closed_by, :closing_note, :lifted_at, :seal
);

-- name: cases_save
-- A case was closed, or its freeze lifted.
UPDATE cases
SET
    closed_at = :closed_at,
    closed_by = :closed_by,
    closing_note = :closing_note,
    lifted_at = :lifted_at,
    seal = :seal
WHERE id = :id;

-- name: cases_forget
-- Forget cases whose freeze was lifted by this moment.
DELETE FROM cases
WHERE lifted_at <= :by
    AND subject_ref = :subject_ref  -- if subject_ref
    AND application_id = :application_id;
