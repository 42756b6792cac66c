-- Policies; an application has few versions.

-- name: policies_get
-- One version.
SELECT
    id, application_id, version, text, set_by, set_at, confirmable_at, confirmed_by, confirmed_at,
    withdrawn_at, seal
FROM policy_sets
WHERE application_id = :application_id AND version = :version;

-- name: policies_list
-- All versions of an application, newest first.
SELECT
    id, application_id, version, text, set_by, set_at, confirmable_at, confirmed_by, confirmed_at,
    withdrawn_at, seal
FROM policy_sets
WHERE application_id = :application_id
ORDER BY version DESC;

-- name: policies_last
-- The highest version of an application, whoever wrote it.
SELECT max(version) AS version
FROM policy_sets
WHERE application_id = :application_id;

-- name: policies_add
-- A new version.
INSERT INTO policy_sets (
    id, application_id, version, text, set_by, set_at, confirmable_at, confirmed_by, confirmed_at,
    withdrawn_at, seal
)
VALUES (
    :id, :application_id, :version, :text, :set_by, :set_at, :confirmable_at, :confirmed_by,
    :confirmed_at, :withdrawn_at, :seal
);

-- name: policies_save
-- A version was confirmed or withdrawn; all else about it stands.
UPDATE policy_sets
SET
    confirmed_by = :confirmed_by,
    confirmed_at = :confirmed_at,
    withdrawn_at = :withdrawn_at,
    seal = :seal
WHERE application_id = :application_id AND version = :version;
