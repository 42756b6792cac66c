-- Webhook endpoints, deliveries, and the attempts at them.

-- name: webhook_endpoints_get
-- One endpoint.
SELECT
    id, application_id, url, description, format, types, personal, status, disabled_because,
    secret_encrypted, previous_secret_encrypted, previous_secret_expires_at, failing_since,
    slowed_until, created_at, updated_at
FROM webhook_endpoints
WHERE id = :id;

-- name: webhook_endpoints_list
-- Endpoints, oldest first.
SELECT
    id, application_id, url, description, format, types, personal, status, disabled_because,
    secret_encrypted, previous_secret_encrypted, previous_secret_expires_at, failing_since,
    slowed_until, created_at, updated_at
FROM webhook_endpoints
WHERE TRUE
    AND application_id = :application_id  -- if application_id
    AND status = :status  -- if status
ORDER BY created_at, id;

-- name: webhook_endpoints_routes
-- Which types of which application's events go where.
SELECT id, application_id, types
FROM webhook_endpoints
WHERE status = 'active'
ORDER BY created_at, id;

-- name: webhook_endpoints_add
-- A new endpoint.
INSERT INTO webhook_endpoints (
    id, application_id, url, description, format, types, personal, status, disabled_because,
    secret_encrypted, previous_secret_encrypted, previous_secret_expires_at, failing_since,
    slowed_until, created_at, updated_at
)
VALUES (
    :id, :application_id, :url, :description, :format, :types, :personal, :status,
    :disabled_because, :secret_encrypted, :previous_secret_encrypted,
    :previous_secret_expires_at, :failing_since, :slowed_until, :created_at, :updated_at
);

-- name: webhook_endpoints_save
-- What changed about an endpoint.
UPDATE webhook_endpoints
SET
    url = :url,
    description = :description,
    format = :format,
    types = :types,
    personal = :personal,
    status = :status,
    disabled_because = :disabled_because,
    secret_encrypted = :secret_encrypted,
    previous_secret_encrypted = :previous_secret_encrypted,
    previous_secret_expires_at = :previous_secret_expires_at,
    failing_since = :failing_since,
    slowed_until = :slowed_until,
    updated_at = :updated_at
WHERE id = :id;

-- name: webhook_endpoints_remove
-- An endpoint with its deliveries and their attempts, which go by themselves.
DELETE FROM webhook_endpoints
WHERE id = :id;

-- name: webhook_deliveries_get
-- One delivery.
SELECT
    id, application_id, endpoint_id, kind, entry_index, event_type, subject_ref, status,
    attempts, next_attempt_at, claimed_until, created_at, settled_at
FROM webhook_deliveries
WHERE id = :id;

-- name: webhook_deliveries_search
-- A page of deliveries, newest first.
SELECT
    id, application_id, endpoint_id, kind, entry_index, event_type, subject_ref, status,
    attempts, next_attempt_at, claimed_until, created_at, settled_at
FROM webhook_deliveries
WHERE TRUE
    AND endpoint_id = :endpoint_id  -- if endpoint_id
    AND endpoint_id IS NULL AND kind = 'logout'  -- if by_no_endpoint
    AND (application_id = :application_id) IS TRUE  -- if application_id
    AND (status = :status) IS TRUE  -- if status
    AND (created_at, id) < (:after_created_at, :after_id)  -- if after_id
ORDER BY created_at DESC, id DESC
LIMIT :limit;

-- name: webhook_deliveries_due
-- What a worker may take, the most overdue first.
SELECT
    id, application_id, endpoint_id, kind, entry_index, event_type, subject_ref, status,
    attempts, next_attempt_at, claimed_until, created_at, settled_at
FROM webhook_deliveries
WHERE status = 'pending'
    AND next_attempt_at <= :now
    AND (claimed_until IS NULL OR claimed_until <= :now)
    AND COALESCE(endpoint_id, application_id) NOT IN (:besides)  -- if besides
ORDER BY next_attempt_at, id
LIMIT :limit;

-- name: webhook_deliveries_pending
-- How many are on their way.
SELECT count(*) AS count
FROM webhook_deliveries
WHERE status = 'pending';

-- name: webhook_deliveries_add
-- A new delivery.
INSERT INTO webhook_deliveries (
    id, application_id, endpoint_id, kind, entry_index, event_type, subject_ref, status,
    attempts, next_attempt_at, claimed_until, created_at, settled_at
)
VALUES (
    :id, :application_id, :endpoint_id, :kind, :entry_index, :event_type, :subject_ref,
    :status, :attempts, :next_attempt_at, :claimed_until, :created_at, :settled_at
);

-- name: webhook_deliveries_save
-- Where a delivery stands.
UPDATE webhook_deliveries
SET
    status = :status,
    attempts = :attempts,
    next_attempt_at = :next_attempt_at,
    claimed_until = :claimed_until,
    settled_at = :settled_at
WHERE id = :id;

-- name: webhook_deliveries_cancel
-- Withdraw what is pending; one of the conditions is always given.
UPDATE webhook_deliveries
SET
    status = 'cancelled',
    claimed_until = NULL,
    settled_at = :now
WHERE status = 'pending'
    AND endpoint_id = :endpoint_id  -- if endpoint_id
    AND subject_ref = :subject_ref  -- if subject_ref
    AND entry_index IN (:indexes)  -- if indexes
;

-- name: webhook_deliveries_remove_settled
-- Tidy up.
DELETE FROM webhook_deliveries
WHERE created_at < :before AND (status <> 'pending') IS TRUE;

-- name: webhook_attempts_of
-- What was tried.
SELECT
    delivery_id, number, at, duration_ms, url, request, status, answer, error
FROM webhook_attempts
WHERE delivery_id = :delivery_id
ORDER BY number;

-- name: webhook_attempts_add
-- One more attempt.
INSERT INTO webhook_attempts (
    delivery_id, number, at, duration_ms, url, request, status, answer, error
)
VALUES (
    :delivery_id, :number, :at, :duration_ms, :url, :request, :status, :answer, :error
);

-- name: webhook_attempts_forget
-- What was sent and answered about erased entries; one of the conditions is always given.
UPDATE webhook_attempts
SET
    request = NULL,
    answer = NULL
WHERE (request IS NOT NULL OR answer IS NOT NULL)
    AND delivery_id IN (
        SELECT id FROM webhook_deliveries
        WHERE TRUE
            AND subject_ref = :subject_ref  -- if subject_ref
            AND entry_index IN (:indexes)  -- if indexes
    );
