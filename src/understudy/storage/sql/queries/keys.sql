-- Key pairs.

-- name: signing_keys_of_installation
-- The keys for a use that belongs to no application, oldest first.
SELECT
    id, use, application_id, public, private_encrypted, created_at, signs_from, signs_until,
    retired_at
FROM signing_keys
WHERE use = :use AND application_id IS NULL
ORDER BY created_at, id;

-- name: signing_keys_of_application
-- The keys of one application for a use, oldest first.
SELECT
    id, use, application_id, public, private_encrypted, created_at, signs_from, signs_until,
    retired_at
FROM signing_keys
WHERE use = :use AND application_id = :application_id
ORDER BY created_at, id;

-- name: signing_keys_add
-- A new key pair.
INSERT INTO signing_keys (
    id, use, application_id, public, private_encrypted, created_at, signs_from, signs_until,
    retired_at
)
VALUES (
    :id, :use, :application_id, :public, :private_encrypted, :created_at, :signs_from,
    :signs_until, :retired_at
);

-- name: signing_keys_save
-- A key pair was rotated or retired.
UPDATE signing_keys
SET
    use = :use,
    application_id = :application_id,
    public = :public,
    private_encrypted = :private_encrypted,
    created_at = :created_at,
    signs_from = :signs_from,
    signs_until = :signs_until,
    retired_at = :retired_at
WHERE id = :id;
