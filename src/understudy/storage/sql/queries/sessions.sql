-- Impersonation sessions.
--
-- The filter that leaves the fewest rows drives a search: it comes as the parameter by_…, and walks
-- an index in the order of the list. "IS TRUE" keeps the others from choosing an index themselves.

-- name: sessions_get
-- One session.
SELECT
    id, grant_id, application_id, actor_ref, subject_ref, organization_ref,
    token_mac AS token_hash, token_nonce, started_at, ends_at, idle_limit, last_active_at,
    ended_at, end_cause, seal
FROM sessions
WHERE id = :id;

-- name: sessions_by_token_hash
-- The session behind a token.
SELECT
    id, grant_id, application_id, actor_ref, subject_ref, organization_ref,
    token_mac AS token_hash, token_nonce, started_at, ends_at, idle_limit, last_active_at,
    ended_at, end_cause, seal
FROM sessions
WHERE token_mac = :token_hash;

-- name: sessions_search
-- A page of sessions, newest first.
SELECT
    id, grant_id, application_id, actor_ref, subject_ref, organization_ref,
    token_mac AS token_hash, token_nonce, started_at, ends_at, idle_limit, last_active_at,
    ended_at, end_cause, seal
FROM sessions
WHERE TRUE
    AND grant_id = :by_grant_id  -- if by_grant_id
    AND subject_ref = :by_subject_ref  -- if by_subject_ref
    AND actor_ref = :by_actor_ref  -- if by_actor_ref
    AND organization_ref = :by_organization_ref  -- if by_organization_ref
    AND application_id = :by_application_id  -- if by_application_id
    AND (grant_id = :grant_id) IS TRUE  -- if grant_id
    AND (subject_ref = :subject_ref) IS TRUE  -- if subject_ref
    AND (actor_ref = :actor_ref) IS TRUE  -- if actor_ref
    AND (organization_ref = :organization_ref) IS TRUE  -- if organization_ref
    AND (application_id = :application_id) IS TRUE  -- if application_id
    AND ended_at IS NULL  -- if by_live
    AND (ended_at IS NULL) IS TRUE  -- if live
    AND (ended_at IS NOT NULL) IS TRUE  -- if over
    AND (started_at, id) < (:after_started_at, :after_id)  -- if after_id
ORDER BY started_at DESC, id DESC
LIMIT :limit;

-- name: sessions_live
-- Every live session that matches, oldest first.
SELECT
    id, grant_id, application_id, actor_ref, subject_ref, organization_ref,
    token_mac AS token_hash, token_nonce, started_at, ends_at, idle_limit, last_active_at,
    ended_at, end_cause, seal
FROM sessions
WHERE ended_at IS NULL
    AND grant_id = :by_grant_id  -- if by_grant_id
    AND subject_ref = :by_subject_ref  -- if by_subject_ref
    AND actor_ref = :by_actor_ref  -- if by_actor_ref
    AND organization_ref = :by_organization_ref  -- if by_organization_ref
    AND application_id = :by_application_id  -- if by_application_id
    AND (grant_id = :grant_id) IS TRUE  -- if grant_id
    AND (subject_ref = :subject_ref) IS TRUE  -- if subject_ref
    AND (actor_ref = :actor_ref) IS TRUE  -- if actor_ref
    AND (organization_ref = :organization_ref) IS TRUE  -- if organization_ref
    AND (application_id = :application_id) IS TRUE  -- if application_id
ORDER BY started_at, id;

-- name: sessions_count_live
-- How many sessions are live.
SELECT count(*) AS number
FROM sessions
WHERE ended_at IS NULL;

-- name: sessions_due
-- Live sessions whose time or idle time has run out, oldest first; live ones are few.
SELECT
    id, grant_id, application_id, actor_ref, subject_ref, organization_ref,
    token_mac AS token_hash, token_nonce, started_at, ends_at, idle_limit, last_active_at,
    ended_at, end_cause, seal
FROM sessions
WHERE ended_at IS NULL
    AND (ends_at <= :now OR last_active_at + idle_limit <= :now)
ORDER BY started_at, id
LIMIT :limit;

-- name: sessions_add
-- A new session.
INSERT INTO sessions (
    id, grant_id, application_id, actor_ref, subject_ref, organization_ref, token_mac,
    token_nonce, started_at, ends_at, idle_limit, last_active_at, ended_at, end_cause, seal
)
VALUES (
    :id, :grant_id, :application_id, :actor_ref, :subject_ref, :organization_ref,
    :token_hash, :token_nonce, :started_at, :ends_at, :idle_limit, :last_active_at,
    :ended_at, :end_cause, :seal
);

-- name: sessions_save
-- What changed about a session. Whose it is never does, nor its limits by this way.
UPDATE sessions
SET
    last_active_at = :last_active_at,
    ended_at = :ended_at,
    end_cause = :end_cause,
    seal = :seal
WHERE id = :id;

-- name: sessions_narrow
-- Shorter limits for a session; never longer ones.
UPDATE sessions
SET
    ends_at = :ends_at,
    idle_limit = :idle_limit,
    seal = :seal
WHERE id = :id AND ends_at >= :ends_at AND idle_limit >= :idle_limit;
