-- Grants and the tokens made from them.
--
-- The filter that leaves the fewest rows drives a search: it comes as the parameter by_…, and walks
-- an index in the order of the list. "IS TRUE" keeps the others from choosing an index themselves.

-- name: grants_get
-- One grant.
SELECT
    id, application_id, actor_kind, actor_ref, actor_id, actor_email, actor_name,
    actor_rank, actor_groups,
    subject_id, subject_ref, organization_id, organization_ref, reason, ticket,
    scope, minutes, status, return_to, created_at, expires_at, session_ends_at, armed_until,
    armed_for, actor_claims AS actor_as_given, epoch, origin, quorum, review_id, marks, seal
FROM grants
WHERE id = :id;

-- name: grants_search
-- A page of grants, newest first; open ones are those pending, ready or active.
SELECT
    id, application_id, actor_kind, actor_ref, actor_id, actor_email, actor_name,
    actor_rank, actor_groups,
    subject_id, subject_ref, organization_id, organization_ref, reason, ticket,
    scope, minutes, status, return_to, created_at, expires_at, session_ends_at, armed_until,
    armed_for, actor_claims AS actor_as_given, epoch, origin, quorum, review_id, marks, seal
FROM grants
WHERE TRUE
    AND subject_ref = :by_subject_ref  -- if by_subject_ref
    AND actor_ref = :by_actor_ref  -- if by_actor_ref
    AND status IN ('pending', 'ready', 'active')  -- if by_open
    AND application_id = :by_application_id  -- if by_application_id
    AND (subject_ref = :subject_ref) IS TRUE  -- if subject_ref
    AND (actor_ref = :actor_ref) IS TRUE  -- if actor_ref
    AND (application_id = :application_id) IS TRUE  -- if application_id
    AND (status IN (:statuses)) IS TRUE  -- if statuses
    AND (created_at, id) < (:after_created_at, :after_id)  -- if after_id
ORDER BY created_at DESC, id DESC
LIMIT :limit;

-- name: grants_expired
-- Grants that nobody used in time. The first condition is that of the index of open grants.
SELECT
    id, application_id, actor_kind, actor_ref, actor_id, actor_email, actor_name,
    actor_rank, actor_groups,
    subject_id, subject_ref, organization_id, organization_ref, reason, ticket,
    scope, minutes, status, return_to, created_at, expires_at, session_ends_at, armed_until,
    armed_for, actor_claims AS actor_as_given, epoch, origin, quorum, review_id, marks, seal
FROM grants
WHERE status IN ('pending', 'ready', 'active')
    AND status IN ('pending', 'ready')
    AND expires_at <= :now
ORDER BY created_at, id
LIMIT :limit;

-- name: grants_older_than
-- Old grants of an application, oldest first.
SELECT
    id, application_id, actor_kind, actor_ref, actor_id, actor_email, actor_name,
    actor_rank, actor_groups,
    subject_id, subject_ref, organization_id, organization_ref, reason, ticket,
    scope, minutes, status, return_to, created_at, expires_at, session_ends_at, armed_until,
    armed_for, actor_claims AS actor_as_given, epoch, origin, quorum, review_id, marks, seal
FROM grants
WHERE application_id = :application_id
    AND created_at < :before
    AND (created_at, id) > (:after_created_at, :after_id)  -- if after_id
ORDER BY created_at, id
LIMIT :limit;

-- name: grants_others_of_actor
-- How many others than one subject an actor was granted to become, within an hour and a day.
SELECT
    count(DISTINCT CASE WHEN created_at > :since_hour THEN subject_ref END) AS an_hour,
    count(DISTINCT subject_ref) AS a_day
FROM grants
WHERE actor_ref = :actor_ref
    AND created_at > :since_day
    AND (application_id = :application_id) IS TRUE
    AND subject_ref <> :subject_ref
    -- Somebody who was asked said no, and not only after it was used.
    AND (status <> 'denied' OR session_ends_at IS NOT NULL);

-- name: grants_by_day
-- What somebody was granted on each day, marks and what was not agreed to told apart.
SELECT
    day,
    sum(permitted) AS grants,
    sum(1 - permitted) AS unapproved,
    count(DISTINCT CASE WHEN permitted = 1 THEN subject_ref END) AS subjects,
    sum(CASE WHEN permitted = 1 AND marks LIKE '%"off_hours"%' THEN 1 ELSE 0 END) AS off_hours,
    sum(CASE WHEN permitted = 1 AND marks LIKE '%"ticketless"%' THEN 1 ELSE 0 END) AS ticketless
FROM (
    SELECT
        created_at / 86400000 AS day,
        subject_ref,
        marks,
        CASE WHEN
            quorum IS NULL
            OR session_ends_at IS NOT NULL
            OR status IN ('ready', 'active', 'closed')
            OR (
                status <> 'pending'
                AND quorum <= (
                    SELECT count(*) FROM approvals
                    WHERE approvals.grant_id = grants.id AND approvals.agreed = 1
                )
            )
        THEN 1 ELSE 0 END AS permitted
    FROM grants
    WHERE actor_ref = :actor_ref
        AND created_at >= :since
) AS asked
GROUP BY day
ORDER BY day;

-- name: grants_subjects_of_actor
-- How many distinct subjects somebody was granted to become; as above.
SELECT count(DISTINCT subject_ref) AS subjects
FROM grants
WHERE actor_ref = :actor_ref
    AND created_at >= :since
    AND (
            quorum IS NULL
            OR session_ends_at IS NOT NULL
            OR status IN ('ready', 'active', 'closed')
            OR (
                status <> 'pending'
                AND quorum <= (
                    SELECT count(*) FROM approvals
                    WHERE approvals.grant_id = grants.id AND approvals.agreed = 1
                )
            )
    );

-- name: grants_add
-- A new grant.
INSERT INTO grants (
    id, application_id, actor_kind, actor_ref, actor_id, actor_email, actor_name,
    actor_rank, actor_groups,
    subject_id, subject_ref, organization_id, organization_ref, reason, ticket,
    scope, minutes, status, return_to, created_at, expires_at, session_ends_at, armed_until,
    armed_for, actor_claims, epoch, origin, quorum, review_id, marks, seal
)
VALUES (
    :id, :application_id, :actor_kind, :actor_ref, :actor_id, :actor_email, :actor_name,
    :actor_rank, :actor_groups,
    :subject_id, :subject_ref, :organization_id, :organization_ref, :reason,
    :ticket, :scope, :minutes, :status, :return_to, :created_at, :expires_at,
    :session_ends_at, :armed_until, :armed_for, :actor_as_given, :epoch, :origin, :quorum,
    :review_id, :marks, :seal
);

-- name: grants_save
-- What changed about a grant.
UPDATE grants
SET
    -- Whose it is never changes; and every index over a column that is set would be written anew.
    actor_email = :actor_email,
    actor_name = :actor_name,
    actor_rank = :actor_rank,
    actor_groups = :actor_groups,
    reason = :reason,
    ticket = :ticket,
    scope = :scope,
    minutes = :minutes,
    status = :status,
    return_to = :return_to,
    expires_at = :expires_at,
    session_ends_at = :session_ends_at,
    armed_until = :armed_until,
    armed_for = :armed_for,
    actor_claims = :actor_as_given,
    seal = :seal
WHERE id = :id;

-- name: impersonation_tokens_by_hash
-- The token that was presented.
SELECT
    token_mac AS token_hash, grant_id, application_id, wire, redirect_uri, code_challenge,
    created_at, expires_at, used_at, session_id, attempt, seal
FROM impersonation_tokens
WHERE token_mac = :token_hash;

-- name: impersonation_tokens_add
-- A new token.
INSERT INTO impersonation_tokens (
    token_mac, grant_id, application_id, wire, redirect_uri, code_challenge, created_at,
    expires_at, used_at, session_id, attempt, seal
)
VALUES (
    :token_hash, :grant_id, :application_id, :wire, :redirect_uri, :code_challenge,
    :created_at, :expires_at, :used_at, :session_id, :attempt, :seal
);

-- name: impersonation_tokens_save
-- A token was used.
UPDATE impersonation_tokens
SET
    used_at = :used_at,
    session_id = :session_id,
    attempt = :attempt,
    seal = :seal
WHERE token_mac = :token_hash;

-- name: impersonation_tokens_remove_expired
-- Tidy up.
DELETE FROM impersonation_tokens
WHERE expires_at < :before;
