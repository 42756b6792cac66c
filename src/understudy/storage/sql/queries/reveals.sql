-- Hidden fields that somebody asked to see; few at a time, and soon forgotten.

-- name: reveals_of_session
-- What was revealed in one session, oldest first.
SELECT id, application_id, session_id, kind, match, path, revealed_at, expires_at, seal
FROM reveals
WHERE session_id = :session_id
ORDER BY revealed_at, id;

-- name: reveals_add
-- A new one.
INSERT INTO reveals (
    id, application_id, session_id, kind, match, path, revealed_at, expires_at, seal
)
VALUES (
    :id, :application_id, :session_id, :kind, :match, :path, :revealed_at, :expires_at, :seal
);

-- name: reveals_forget
-- Forget those of sessions that are over.
DELETE FROM reveals
WHERE revealed_at <= :by;
