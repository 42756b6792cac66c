-- What others said to grants that wait for them, and reviews of those that did not wait.

-- name: approvals_of_grant
-- Everything that was said to one grant, oldest first; a quorum is small.
SELECT
    id, application_id, grant_id, operator_id, agreed, minutes, scope, note, decided_at,
    withdrawn_at, seal
FROM approvals
WHERE grant_id = :grant_id
ORDER BY decided_at, id;

-- name: approvals_add
-- Somebody has said yes or no.
INSERT INTO approvals (
    id, application_id, grant_id, operator_id, agreed, minutes, scope, note, decided_at,
    withdrawn_at, seal
)
VALUES (
    :id, :application_id, :grant_id, :operator_id, :agreed, :minutes, :scope, :note, :decided_at,
    :withdrawn_at, :seal
);

-- name: approvals_save
-- An agreement was taken back, or what somebody wrote forgotten; all else stands.
UPDATE approvals
SET note = :note, withdrawn_at = :withdrawn_at, seal = :seal
WHERE id = :id;

-- name: reviews_get
-- One review.
SELECT
    id, application_id, grant_id, opened_at, closed_at, closed_by, note, seal
FROM reviews
WHERE id = :id;

-- name: reviews_list
-- A page of reviews, newest first; open ones only if that is asked for.
SELECT
    id, application_id, grant_id, opened_at, closed_at, closed_by, note, seal
FROM reviews
WHERE TRUE
    AND closed_at IS NULL  -- if live
    AND (application_id = :application_id) IS TRUE  -- if application_id
    AND (opened_at, id) < (:after_opened_at, :after_id)  -- if after_id
ORDER BY opened_at DESC, id DESC
LIMIT :limit;

-- name: reviews_add
-- A glass was broken.
INSERT INTO reviews (
    id, application_id, grant_id, opened_at, closed_at, closed_by, note, seal
)
VALUES (
    :id, :application_id, :grant_id, :opened_at, :closed_at, :closed_by, :note, :seal
);

-- name: reviews_save
-- Somebody has looked at it, or what they wrote was forgotten; all else stands.
UPDATE reviews
SET closed_at = :closed_at, closed_by = :closed_by, note = :note, seal = :seal
WHERE id = :id;
