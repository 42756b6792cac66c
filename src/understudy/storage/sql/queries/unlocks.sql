-- Blocked writes that somebody asked for; few at a time, and soon forgotten.

-- name: unlocks_get
-- One of them.
SELECT
    id, application_id, grant_id, session_id, actor_ref, subject_ref, method, fingerprint, fields,
    shown, reason, status, asked_at, expires_at, decided_by, decided_at, spent_at, seal
FROM unlocks
WHERE id = :id;

-- name: unlocks_of_session
-- What one session asked for, newest first.
SELECT
    id, application_id, grant_id, session_id, actor_ref, subject_ref, method, fingerprint, fields,
    shown, reason, status, asked_at, expires_at, decided_by, decided_at, spent_at, seal
FROM unlocks
WHERE session_id = :session_id
ORDER BY asked_at DESC, id DESC;

-- name: unlocks_waiting
-- What waits for a decision, oldest first.
SELECT
    id, application_id, grant_id, session_id, actor_ref, subject_ref, method, fingerprint, fields,
    shown, reason, status, asked_at, expires_at, decided_by, decided_at, spent_at, seal
FROM unlocks
WHERE expires_at > :now
    AND status = 'asked'
    AND application_id = :application_id  -- if application_id
ORDER BY asked_at, id;

-- name: unlocks_add
-- A new one.
INSERT INTO unlocks (
    id, application_id, grant_id, session_id, actor_ref, subject_ref, method, fingerprint, fields,
    shown, reason, status, asked_at, expires_at, decided_by, decided_at, spent_at, seal
)
VALUES (
    :id, :application_id, :grant_id, :session_id, :actor_ref, :subject_ref, :method, :fingerprint,
    :fields, :shown, :reason, :status, :asked_at, :expires_at, :decided_by, :decided_at,
    :spent_at, :seal
);

-- name: unlocks_save
-- It was decided, or spent; what was asked for stands.
UPDATE unlocks
SET
    status = :status, shown = :shown, expires_at = :expires_at, decided_by = :decided_by,
    decided_at = :decided_at, spent_at = :spent_at, seal = :seal
WHERE id = :id;

-- name: unlocks_forget
-- Forget what nobody can use any more.
DELETE FROM unlocks
WHERE expires_at <= :by;
