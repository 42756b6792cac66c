-- Legal holds; an application has few.

-- name: holds_get
-- One hold.
SELECT
    id, application_id, subject_id, subject_ref, reason, placed_by, placed_at, released_at, seal
FROM legal_holds
WHERE id = :id;

-- name: holds_list
-- All holds, released ones too, newest first.
SELECT
    id, application_id, subject_id, subject_ref, reason, placed_by, placed_at, released_at, seal
FROM legal_holds
WHERE TRUE
    AND application_id = :application_id  -- if application_id
ORDER BY placed_at DESC, id DESC;

-- name: holds_count
-- How many holds of an application there are, whoever wrote them.
SELECT count(*) AS number
FROM legal_holds
WHERE application_id = :application_id;

-- name: holds_add
-- A new hold.
INSERT INTO legal_holds (
    id, application_id, subject_id, subject_ref, reason, placed_by, placed_at, released_at, seal
)
VALUES (
    :id, :application_id, :subject_id, :subject_ref, :reason, :placed_by, :placed_at,
    :released_at, :seal
);

-- name: holds_save
-- A hold was released; all else about it stands.
UPDATE legal_holds
SET released_at = :released_at, seal = :seal
WHERE id = :id;

-- name: holds_forget
-- Forget holds that were released by this moment; what the log says of them has its own end.
DELETE FROM legal_holds
WHERE released_at <= :by
    AND subject_ref = :subject_ref  -- if subject_ref
    AND application_id = :application_id;
