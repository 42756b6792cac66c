-- Operators, their sign-ins and their invitations.

-- name: operators_get
-- One operator.
SELECT
    id, email, name, roles, rank, status, password_hash, created_at, updated_at,
    staff_id, frozen_at, groups, taken_over_at, taken_over_by, seal
FROM operators
WHERE id = :id;

-- name: operators_by_email
-- The operator with this folded e-mail address.
SELECT
    id, email, name, roles, rank, status, password_hash, created_at, updated_at,
    staff_id, frozen_at, groups, taken_over_at, taken_over_by, seal
FROM operators
WHERE email = :email;

-- name: operators_by_staff_id
-- The operator whom the embedding app calls so.
SELECT
    id, email, name, roles, rank, status, password_hash, created_at, updated_at,
    staff_id, frozen_at, groups, taken_over_at, taken_over_by, seal
FROM operators
WHERE staff_id = :staff_id;

-- name: operators_list
-- All operators, by e-mail address.
SELECT
    id, email, name, roles, rank, status, password_hash, created_at, updated_at,
    staff_id, frozen_at, groups, taken_over_at, taken_over_by, seal
FROM operators
ORDER BY email;

-- name: operators_add
-- A new operator.
INSERT INTO operators (
    id, email, name, roles, rank, status, password_hash, created_at, updated_at, staff_id,
    frozen_at, groups, taken_over_at, taken_over_by, seal
)
VALUES (
    :id, :email, :name, :roles, :rank, :status, :password_hash, :created_at, :updated_at,
    :staff_id, :frozen_at, :groups, :taken_over_at, :taken_over_by, :seal
);

-- name: operators_save
-- What changed about an operator.
UPDATE operators
SET
    email = :email,
    name = :name,
    roles = :roles,
    rank = :rank,
    status = :status,
    password_hash = :password_hash,
    created_at = :created_at,
    updated_at = :updated_at,
    staff_id = :staff_id,
    frozen_at = :frozen_at,
    groups = :groups,
    taken_over_at = :taken_over_at,
    taken_over_by = :taken_over_by,
    seal = :seal
WHERE id = :id;

-- name: operator_sessions_by_token_hash
-- The sign-in behind a cookie.
SELECT
    id, operator_id, token_mac AS token_hash, created_at, last_seen_at, expires_at, address,
    user_agent, confirmed_at, seal
FROM operator_sessions
WHERE token_mac = :token_hash;

-- name: operator_sessions_get
-- One sign-in.
SELECT
    id, operator_id, token_mac AS token_hash, created_at, last_seen_at, expires_at, address,
    user_agent, confirmed_at, seal
FROM operator_sessions
WHERE id = :id;

-- name: operator_sessions_of_operator
-- The sign-ins of one operator, oldest first.
SELECT
    id, operator_id, token_mac AS token_hash, created_at, last_seen_at, expires_at, address,
    user_agent, confirmed_at, seal
FROM operator_sessions
WHERE operator_id = :operator_id
ORDER BY created_at, id;

-- name: operator_sessions_add
-- A new sign-in.
INSERT INTO operator_sessions (
    id, operator_id, token_mac, created_at, last_seen_at, expires_at, address, user_agent,
    confirmed_at, seal
)
VALUES (
    :id, :operator_id, :token_hash, :created_at, :last_seen_at, :expires_at, :address,
    :user_agent, :confirmed_at, :seal
);

-- name: operator_sessions_touch
-- The operator is still there.
UPDATE operator_sessions
SET last_seen_at = :last_seen_at, seal = :seal
WHERE id = :id;

-- name: operator_sessions_confirm
-- The operator said their password.
UPDATE operator_sessions
SET confirmed_at = :confirmed_at, seal = :seal
WHERE id = :id;

-- name: operator_sessions_remove
-- A sign-out.
DELETE FROM operator_sessions
WHERE id = :id;

-- name: operator_sessions_remove_of_operator
-- Sign an operator out everywhere.
DELETE FROM operator_sessions
WHERE operator_id = :operator_id;

-- name: operator_sessions_remove_all
-- Sign everybody out.
DELETE FROM operator_sessions;

-- name: operator_sessions_remove_expired
-- Tidy up.
DELETE FROM operator_sessions
WHERE expires_at <= :now;

-- name: invitations_by_token_hash
-- The invitation behind a link.
SELECT
    token_mac AS token_hash, operator_id, created_at, expires_at, used_at, made_by, seal
FROM invitations
WHERE token_mac = :token_hash;

-- name: invitations_add
-- A new invitation.
INSERT INTO invitations (
    token_mac, operator_id, created_at, expires_at, used_at, made_by, seal
)
VALUES (
    :token_hash, :operator_id, :created_at, :expires_at, :used_at, :made_by, :seal
);

-- name: invitations_save
-- An invitation was used.
UPDATE invitations
SET
    operator_id = :operator_id,
    created_at = :created_at,
    expires_at = :expires_at,
    used_at = :used_at,
    made_by = :made_by,
    seal = :seal
WHERE token_mac = :token_hash;

-- name: invitations_remove_of_operator
-- Older invitations of an operator stop to work.
DELETE FROM invitations
WHERE operator_id = :operator_id;

-- name: sign_in_failures_get
-- The failures under one key.
SELECT
    key, count, first_at, locked_until
FROM sign_in_failures
WHERE key = :key;

-- name: sign_in_failures_save
-- One more failure.
INSERT INTO sign_in_failures (
    key, count, first_at, locked_until
)
VALUES (
    :key, :count, :first_at, :locked_until
)
ON CONFLICT (key) DO UPDATE SET
    count = excluded.count,
    first_at = excluded.first_at,
    locked_until = excluded.locked_until;

-- name: sign_in_failures_clear
-- A success forgets the failures before it.
DELETE FROM sign_in_failures
WHERE key = :key;
