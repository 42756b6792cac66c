-- Rows beside the entries that tell of them. What belongs together shares a key and comes together,
-- rows first: they stand at places below 0. The database sorts, so that nobody holds them all.

-- name: compared_grants_stream
-- Grants, their sessions and what the log says of both, by grant.
SELECT
    id AS key, -2 AS idx, 'grant' AS kind, created_at AS time_ms, CAST(NULL AS text) AS core, id,
    application_id, actor_ref, subject_ref, organization_ref, scope, minutes, status,
    expires_at AS ends_at, session_ends_at, CAST(NULL AS bigint) AS idle_limit,
    CAST(NULL AS bigint) AS ended_at, CAST(NULL AS text) AS end_cause
FROM grants
UNION ALL
SELECT
    grant_id, -1, 'session', started_at, NULL, id,
    application_id, actor_ref, subject_ref, organization_ref, NULL, NULL, NULL,
    ends_at, NULL, idle_limit,
    ended_at, end_cause
FROM sessions
UNION ALL
SELECT
    grant_id, -1, 'approval', decided_at, NULL, id,
    application_id, operator_id, NULL, NULL, NULL, NULL,
    CASE WHEN agreed = 1 AND withdrawn_at IS NULL THEN 'agreed' ELSE 'not agreed' END,
    NULL, NULL, NULL,
    NULL, NULL
FROM approvals
UNION ALL
SELECT
    grant_id, -1, 'review', opened_at, NULL, id,
    application_id, closed_by, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL,
    closed_at, NULL
FROM reviews
UNION ALL
SELECT
    grant_id, idx, type, time_ms, core, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL,
    NULL, NULL
FROM log_entries
WHERE core IS NOT NULL
    AND grant_id IS NOT NULL
    AND type IN (
        'grant.created', 'grant.requested', 'grant.cancelled', 'grant.expired',
        'approval.given', 'approval.refused', 'approval.withdrawn', 'glass.broken',
        'review.closed', 'session.started',
        'session.narrowed', 'session.ended', 'session.expired', 'session.revoked'
    )
ORDER BY 1, 2;

-- name: compared_team_stream
-- Operators, their links and sign-ins, and what the log says of them, by operator.
SELECT
    id AS key, -3 AS idx, 'operator' AS kind, created_at AS time_ms, CAST(NULL AS text) AS core, id,
    roles, groups, status, CAST(NULL AS bigint) AS ends_at, CAST(NULL AS bigint) AS used_at,
    taken_over_at
FROM operators
UNION ALL
SELECT
    operator_id, -2, 'invitation', created_at, NULL, NULL, NULL, NULL, NULL, expires_at, used_at,
    NULL
FROM invitations
UNION ALL
SELECT
    operator_id, -1, 'sign-in', created_at, NULL, id, NULL, NULL, NULL, expires_at, NULL, NULL
FROM operator_sessions
UNION ALL
SELECT
    coalesce(subject_ref, actor_ref), idx, type, time_ms, core,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM log_entries
WHERE core IS NOT NULL
    AND coalesce(subject_ref, actor_ref) IS NOT NULL
    AND type IN (
        'operator.invited', 'operator.joined', 'operator.updated', 'operator.disabled',
        'operator.enabled', 'operator.signed_in', 'operator.signed_out',
        'operator.password_changed', 'operator.taken_over', 'operator.owner_confirmed',
        'operator.disowned'
    )
ORDER BY 1, 2;

-- name: compared_subjects_stream
-- Users and what the log says of their protection, by our own reference.
SELECT
    ref AS key, -1 AS idx, 'subject' AS kind, updated_at AS time_ms, CAST(NULL AS text) AS core, id,
    application_id, protected, status, honey_since
FROM subjects
UNION ALL
SELECT subject_ref, idx, type, time_ms, core, NULL, NULL, NULL, NULL, NULL
FROM log_entries
WHERE core IS NOT NULL
    AND subject_ref IS NOT NULL
    AND type IN (
        'subject.saved', 'subject.unprotected', 'subject.deleted', 'honey.set', 'honey.lifted'
    )
ORDER BY 1, 2;

-- name: compared_consents_stream
-- What users agreed to and what the log says of it, by user.
SELECT
    subject_ref AS key, -1 AS idx, 'consent' AS kind, given_at AS time_ms,
    CAST(NULL AS text) AS core, id, scope, minutes, expires_at AS ends_at, withdrawn_at, actor_ref
FROM consents
UNION ALL
SELECT subject_ref, idx, type, time_ms, core, NULL, NULL, NULL, NULL, NULL, NULL
FROM log_entries
WHERE core IS NOT NULL
    AND subject_ref IS NOT NULL
    AND type IN ('consent.given', 'consent.withdrawn')
ORDER BY 1, 2;

-- name: compared_policies_stream
-- Applications, their policies and what the log says of these, by application.
SELECT
    id AS key, -2 AS idx, 'application' AS kind, updated_at AS time_ms,
    CAST(NULL AS text) AS core, id, policy_version AS version, CAST(NULL AS text) AS text,
    CAST(NULL AS text) AS state
FROM applications
UNION ALL
SELECT
    application_id, -1, 'policies', set_at, NULL, id, version, text,
    CASE
        WHEN withdrawn_at IS NOT NULL THEN 'policies.withdrawn'
        WHEN confirmed_at IS NOT NULL THEN 'policies.changed'
        ELSE 'policies.proposed'
    END
FROM policy_sets
UNION ALL
SELECT application_id, idx, type, time_ms, core, NULL, NULL, NULL, NULL
FROM log_entries
WHERE core IS NOT NULL
    AND application_id IS NOT NULL
    AND type IN ('policies.changed', 'policies.proposed', 'policies.withdrawn')
ORDER BY 1, 2;

-- name: unexplained_grants_stream
-- Grants that no entry tells of, and entries that no longer tell of which, by time.
SELECT created_at AS time_ms, id
FROM grants
WHERE NOT EXISTS (
    SELECT 1 FROM log_entries
    WHERE log_entries.grant_id = grants.id
        AND log_entries.session_id IS NULL
        AND log_entries.type IN ('grant.created', 'grant.requested')
)
UNION ALL
SELECT time_ms, NULL FROM log_entries
WHERE type IN ('grant.created', 'grant.requested')
    AND core IS NULL
ORDER BY 1;

-- name: unexplained_sessions_stream
-- Sessions that no entry tells of, and entries that no longer tell of which, by time.
SELECT started_at AS time_ms, id
FROM sessions
WHERE NOT EXISTS (
    SELECT 1 FROM log_entries
    WHERE log_entries.session_id = sessions.id
        AND log_entries.type = 'session.started'
)
UNION ALL
SELECT time_ms, NULL FROM log_entries
WHERE type = 'session.started'
    AND core IS NULL
ORDER BY 1;

-- name: entries_younger_stream
-- Those of some entries that are not older than a moment.
SELECT idx FROM log_entries
WHERE idx >= :first
    AND idx <= :last
    AND (time_ms >= :moment) IS TRUE
ORDER BY idx;
