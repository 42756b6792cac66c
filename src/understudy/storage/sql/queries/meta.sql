-- Small facts, and answers kept for callers who ask again.

-- name: meta_get
-- One fact.
SELECT value
FROM meta
WHERE name = :name;

-- name: meta_put
-- A fact, new or changed.
INSERT INTO meta (
    name, value
)
VALUES (
    :name, :value
)
ON CONFLICT (name) DO UPDATE SET
    value = excluded.value;

-- name: stored_answers_get
-- The answer given under a key.
SELECT
    scope, key, request_hash, status, body, created_at
FROM stored_answers
WHERE scope = :scope AND key = :key;

-- name: stored_answers_add
-- A new answer.
INSERT INTO stored_answers (
    scope, key, request_hash, status, body, created_at
)
VALUES (
    :scope, :key, :request_hash, :status, :body, :created_at
);

-- name: stored_answers_remove_before
-- Tidy up.
DELETE FROM stored_answers
WHERE created_at < :before;
