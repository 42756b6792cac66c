-- The readable side of the log.
--
-- The filter that leaves the fewest rows drives a search: it comes as the parameter by_…, and walks
-- an index in the order of the list. "IS TRUE" keeps the others from choosing an index themselves.

-- name: entries_size
-- How many entries there are: they are numbered from 0 without a gap; and from when the newest is.
SELECT
    coalesce(max(idx) + 1, 0) AS size,
    (SELECT time_ms FROM log_entries ORDER BY idx DESC LIMIT 1) AS newest_ms
FROM log_entries;

-- name: entries_get
-- One entry.
SELECT idx, time_ms, type, leaf, core, personal
FROM log_entries
WHERE idx = :idx;

-- name: entries_search
-- Entries that match, newest first.
SELECT idx, time_ms, type, leaf, core, personal
FROM log_entries
WHERE TRUE
    AND session_id = :by_session_id  -- if by_session_id
    AND grant_id = :by_grant_id AND session_id IS NULL  -- if by_grant_id
    AND subject_ref = :by_subject_ref  -- if by_subject_ref
    AND actor_ref = :by_actor_ref  -- if by_actor_ref
    AND doer_ref = :by_doer_ref AND core IS NOT NULL  -- if by_doer_ref
    AND (actor_ref = :by_doer_ref) IS NOT TRUE  -- if by_doer_ref
    AND organization_ref = :by_organization_ref  -- if by_organization_ref
    AND type = :by_type  -- if by_type
    AND type NOT IN ('action.completed', 'action.intended', 'grant.created', 'session.started')  -- if by_seldom
    AND core IS NOT NULL  -- if by_kept
    AND core IS NULL  -- if by_erased
    AND outcome <> 'ok'  -- if by_not_ok
    AND application_id = :by_application_id  -- if by_application_id
    AND (session_id = :session_id) IS TRUE  -- if session_id
    AND (grant_id = :grant_id) IS TRUE  -- if grant_id
    AND (subject_ref = :subject_ref) IS TRUE  -- if subject_ref
    AND (:actor_ref IN (actor_ref, doer_ref)) IS TRUE  -- if actor_ref
    AND (organization_ref = :organization_ref) IS TRUE  -- if organization_ref
    AND (outcome = :outcome) IS TRUE  -- if outcome
    AND (application_id = :application_id) IS TRUE  -- if application_id
    AND (type IN (:types)) IS TRUE  -- if types
    AND (time_ms >= :since) IS TRUE  -- if since
    AND (time_ms < :until) IS TRUE  -- if until
    AND idx >= :first  -- if first
    AND idx < :before  -- if before
ORDER BY idx DESC
LIMIT :limit;

-- name: entries_stream
-- All entries that match, oldest first.
SELECT idx, time_ms, type, leaf, core, personal
FROM log_entries
WHERE TRUE
    AND session_id = :by_session_id  -- if by_session_id
    AND grant_id = :by_grant_id AND session_id IS NULL  -- if by_grant_id
    AND subject_ref = :by_subject_ref  -- if by_subject_ref
    AND actor_ref = :by_actor_ref  -- if by_actor_ref
    AND doer_ref = :by_doer_ref AND core IS NOT NULL  -- if by_doer_ref
    AND (actor_ref = :by_doer_ref) IS NOT TRUE  -- if by_doer_ref
    AND organization_ref = :by_organization_ref  -- if by_organization_ref
    AND type = :by_type  -- if by_type
    AND type NOT IN ('action.completed', 'action.intended', 'grant.created', 'session.started')  -- if by_seldom
    AND core IS NOT NULL  -- if by_kept
    AND core IS NULL  -- if by_erased
    AND outcome <> 'ok'  -- if by_not_ok
    AND application_id = :by_application_id  -- if by_application_id
    AND (session_id = :session_id) IS TRUE  -- if session_id
    AND (grant_id = :grant_id) IS TRUE  -- if grant_id
    AND (subject_ref = :subject_ref) IS TRUE  -- if subject_ref
    AND (:actor_ref IN (actor_ref, doer_ref)) IS TRUE  -- if actor_ref
    AND (organization_ref = :organization_ref) IS TRUE  -- if organization_ref
    AND (outcome = :outcome) IS TRUE  -- if outcome
    AND (application_id = :application_id) IS TRUE  -- if application_id
    AND (type IN (:types)) IS TRUE  -- if types
    AND (time_ms >= :since) IS TRUE  -- if since
    AND (time_ms < :until) IS TRUE  -- if until
    AND idx >= :first  -- if first
    AND idx < :before  -- if before
ORDER BY idx;

-- name: entries_type_occurs
-- Whether anybody's entry has this type.
SELECT idx
FROM log_entries
WHERE type = :type
    AND core IS NOT NULL
ORDER BY idx
LIMIT 1;

-- name: entries_after
-- What a follower has not seen yet, oldest first.
SELECT idx, time_ms, type, leaf, core, personal
FROM log_entries
WHERE idx > :idx
    AND (type IN (:types)) IS TRUE  -- if types
ORDER BY idx
LIMIT :limit;

-- name: entries_count_actions
-- What was done in a session. In canonical JSON no other member than the method looks like one.
SELECT
    sum(CASE WHEN type = 'action.completed' THEN 1 ELSE 0 END) AS completed,
    sum(CASE WHEN type = 'action.intended' THEN 1 ELSE 0 END) AS intended,
    sum(CASE WHEN type = 'action.blocked' THEN 1 ELSE 0 END) AS blocked,
    sum(CASE
        WHEN type <> 'action.completed' THEN 0
        WHEN core LIKE '%"method":"GET"%' THEN 0
        WHEN core LIKE '%"method":"HEAD"%' THEN 0
        WHEN core LIKE '%"method":"OPTIONS"%' THEN 0
        WHEN core LIKE '%"method":"TRACE"%' THEN 0
        ELSE 1
    END) AS unsafe
FROM log_entries
WHERE session_id = :session_id;

-- name: entries_refused_by_day
-- What somebody was refused on each day, and how much of it touched a honey user.
SELECT
    time_ms / 86400000 AS day,
    count(*) AS refused,
    sum(CASE WHEN type = 'honey.touched' THEN 1 ELSE 0 END) AS alarms
FROM log_entries
WHERE actor_ref = :actor_ref
    -- What somebody else was refused to do about it is not theirs.
    AND doer_ref IS NULL
    AND type IN ('grant.denied', 'honey.touched')
    -- As the index has it, which leaves these out.
    AND type NOT IN ('action.completed', 'action.intended', 'grant.created', 'session.started')
    AND core IS NOT NULL
    AND time_ms >= :since
GROUP BY time_ms / 86400000
ORDER BY day;

-- name: entries_of_grant
-- The sessions through which most entries of a grant are found.
SELECT id
FROM sessions
WHERE grant_id = :grant_id;

-- name: entries_first_since
-- The first of the indexed times that is not older than this.
SELECT idx
FROM log_entries
WHERE idx % 256 = 0
    AND time_ms >= :time_ms
ORDER BY time_ms, idx
LIMIT 1;

-- name: entries_last_before
-- The last of the indexed times that is older than this.
SELECT idx
FROM log_entries
WHERE idx % 256 = 0
    AND time_ms < :time_ms
ORDER BY time_ms DESC, idx DESC
LIMIT 1;

-- name: entries_erase_personal_of_subject
-- Forget who is named in some entries about a subject, oldest first; answers which they were.
UPDATE log_entries
SET personal = NULL, personal_salt = NULL
WHERE idx IN (
    SELECT idx
    FROM log_entries
    WHERE subject_ref = :subject_ref
        AND idx >= :from_index
        AND (application_id = :application_id) IS TRUE
        AND personal IS NOT NULL
    ORDER BY idx
    LIMIT :limit
)
RETURNING idx;

-- name: entries_due
-- Entries of an application that have grown too old, oldest first.
SELECT idx, type
FROM log_entries
    -- Of what lasts only the personal half falls due, if it says anything.
WHERE application_id = :application_id
    AND idx >= :first
    AND idx < :end
    AND (time_ms < :moment) IS TRUE
    AND (type NOT IN (:lasting) OR personal <> '{}') IS TRUE
    AND (subject_ref IN (:held)) IS NOT TRUE  -- if held
ORDER BY idx
LIMIT :limit;

-- name: entries_count_due
-- How many of them there are.
SELECT count(*) AS due
FROM log_entries
WHERE application_id = :application_id
    AND idx >= :first
    AND idx < :end
    AND (time_ms < :moment) IS TRUE
    AND (subject_ref IN (:held)) IS NOT TRUE  -- if held
    AND (type NOT IN (:lasting) OR personal <> '{}') IS TRUE;

-- name: entries_first_young
-- The first of some entries that has yet to grow old.
SELECT idx
FROM log_entries
WHERE application_id = :application_id
    AND idx >= :first
    AND idx < :end
    AND (time_ms >= :moment) IS TRUE
ORDER BY idx
LIMIT 1;

-- name: entries_erase_both
-- Forget all that an entry says, and by what it was found.
UPDATE log_entries
SET
    application_id = NULL, actor_ref = NULL, subject_ref = NULL, organization_ref = NULL,
    grant_id = NULL, session_id = NULL, outcome = NULL, doer_ref = NULL,
    core = NULL, core_salt = NULL, personal = NULL, personal_salt = NULL
WHERE idx = :idx;

-- name: entries_erase_personal
-- Forget who is named in an entry.
UPDATE log_entries
SET personal = NULL, personal_salt = NULL
WHERE idx = :idx;
