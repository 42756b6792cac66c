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

-- name: commit_marks_get
-- The last transaction of a node that left a mark.
SELECT number
FROM commit_marks
WHERE node = :node;

-- name: commit_marks_put
-- The transaction of a node that is about to be committed.
INSERT INTO commit_marks (
    node, number, made_at
)
VALUES (
    :node, :number, :made_at
)
ON CONFLICT (node) DO UPDATE SET
    number = excluded.number,
    made_at = excluded.made_at;

-- name: commit_marks_remove_before
-- Tidy up after processes that are gone.
DELETE FROM commit_marks
WHERE made_at < :before;
