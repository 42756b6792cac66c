-- Further names of the directory's people, what wires keep for their clients, webhooks, holds.

ALTER TABLE organizations ADD COLUMN slug {text};

ALTER TABLE organizations ADD COLUMN external_id {text};

ALTER TABLE organizations ADD COLUMN extra {text} NOT NULL DEFAULT '{}';

CREATE INDEX organizations_by_slug ON organizations (application_id, slug)
    WHERE slug IS NOT NULL;

CREATE INDEX organizations_by_external_id ON organizations (application_id, external_id)
    WHERE external_id IS NOT NULL;

ALTER TABLE subjects ADD COLUMN external_id {text};

ALTER TABLE subjects ADD COLUMN extra {text} NOT NULL DEFAULT '{}';

CREATE INDEX subjects_by_external_id ON subjects (application_id, external_id)
    WHERE external_id IS NOT NULL;

-- E-mail addresses are stored folded.
CREATE INDEX subjects_by_email ON subjects (application_id, email) WHERE email IS NOT NULL;

CREATE INDEX subjects_by_creation ON subjects (application_id, created_at, id)
    WHERE status <> 'deleted';

CREATE INDEX applications_by_secret ON applications (secret_hash);

CREATE INDEX applications_by_previous_secret ON applications (previous_secret_hash)
    WHERE previous_secret_hash IS NOT NULL;

ALTER TABLE grants ADD COLUMN actor_claims {text};

-- Webhooks. A delivery is written with the event that it tells of; what it says is rendered from
-- the log when it is sent.

CREATE TABLE webhook_endpoints (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    url {text} NOT NULL,
    description {text} NOT NULL,
    format {text} NOT NULL,
    types {text} NOT NULL,
    personal {bigint} NOT NULL CHECK (personal IN (0, 1)),
    status {text} NOT NULL,
    disabled_because {text},
    secret_encrypted {blob} NOT NULL,
    previous_secret_encrypted {blob},
    previous_secret_expires_at {bigint},
    failing_since {bigint},
    slowed_until {bigint},
    created_at {bigint} NOT NULL,
    updated_at {bigint} NOT NULL
){strict};

CREATE INDEX webhook_endpoints_by_application ON webhook_endpoints (application_id, created_at, id);

CREATE TABLE webhook_deliveries (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    endpoint_id {text} REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    kind {text} NOT NULL,
    entry_index {bigint},
    event_type {text},
    subject_ref {text},
    status {text} NOT NULL,
    attempts {bigint} NOT NULL CHECK (attempts >= 0),
    next_attempt_at {bigint} NOT NULL,
    claimed_until {bigint},
    created_at {bigint} NOT NULL,
    settled_at {bigint}
){strict};

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at, id)
    WHERE status = 'pending';

CREATE INDEX webhook_deliveries_by_endpoint
    ON webhook_deliveries (endpoint_id, created_at, id);

CREATE INDEX webhook_deliveries_by_subject ON webhook_deliveries (subject_ref)
    WHERE subject_ref IS NOT NULL;

CREATE INDEX webhook_deliveries_by_entry ON webhook_deliveries (entry_index)
    WHERE entry_index IS NOT NULL;

CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
    delivery_id {text} NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number {bigint} NOT NULL CHECK (number > 0),
    at {bigint} NOT NULL,
    duration_ms {bigint} NOT NULL,
    url {text} NOT NULL,
    request {text},
    status {bigint},
    answer {text},
    error {text},
    PRIMARY KEY (delivery_id, number)
){strict};

-- A search by type and something that an erased entry no longer says must not walk past all that
-- retention has left behind. Every entry stands in one of the two, so that no append costs more.
DROP INDEX log_entries_by_type;

CREATE INDEX log_entries_by_type ON log_entries (type, idx) WHERE core IS NOT NULL;

CREATE INDEX log_entries_erased_by_type ON log_entries (type, idx) WHERE core IS NULL;

-- Legal holds: while one stands, nothing that it covers is erased. Without a subject it covers the
-- whole application.
CREATE TABLE legal_holds (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    subject_id {text},
    subject_ref {text},
    reason {text} NOT NULL,
    placed_by {text} NOT NULL,
    placed_at {bigint} NOT NULL,
    released_at {bigint},
    CHECK ((subject_id IS NULL) = (subject_ref IS NULL))
){strict};

CREATE INDEX legal_holds_standing ON legal_holds (application_id, subject_ref)
    WHERE released_at IS NULL;

CREATE INDEX legal_holds_by_time ON legal_holds (placed_at, id);
