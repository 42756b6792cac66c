-- Times are milliseconds since 1970 in UTC, booleans 0 or 1, lists and maps canonical JSON.
-- Words of a set that grows (types, causes, wires) are not checked here: what may be written is
-- the domain's to say, and a check could only be loosened by rebuilding its table on SQLite.

-- Small facts about the installation.
CREATE TABLE meta (
    name {text} PRIMARY KEY,
    value {text} NOT NULL
){strict};

-- The directory.

CREATE TABLE applications (
    id {text} PRIMARY KEY CHECK (id <> ''),
    name {text} NOT NULL,
    vertical {text} NOT NULL,
    status {text} NOT NULL,
    settings {text} NOT NULL,
    secret_hash {blob} NOT NULL CHECK (length(secret_hash) = 32),
    previous_secret_hash {blob} CHECK (length(previous_secret_hash) = 32),
    previous_secret_expires_at {bigint},
    created_at {bigint} NOT NULL,
    updated_at {bigint} NOT NULL
){strict};

CREATE TABLE organizations (
    application_id {text} NOT NULL REFERENCES applications (id),
    id {text} NOT NULL CHECK (id <> ''),
    ref {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    status {text} NOT NULL,
    created_at {bigint} NOT NULL,
    updated_at {bigint} NOT NULL,
    folded_name {text} NOT NULL,
    folded_text {text} NOT NULL,
    PRIMARY KEY (application_id, id)
){strict};

CREATE INDEX organizations_by_name ON organizations (application_id, folded_name, id)
    WHERE status <> 'deleted';

CREATE TABLE subjects (
    application_id {text} NOT NULL REFERENCES applications (id),
    id {text} NOT NULL CHECK (id <> ''),
    ref {text} NOT NULL UNIQUE,
    email {text},
    name {text},
    organization_id {text},
    roles {text} NOT NULL,
    protected {bigint} NOT NULL CHECK (protected IN (0, 1)),
    status {text} NOT NULL,
    created_at {bigint} NOT NULL,
    updated_at {bigint} NOT NULL,
    folded_name {text} NOT NULL,
    folded_text {text} NOT NULL,
    PRIMARY KEY (application_id, id)
){strict};

CREATE INDEX subjects_by_name ON subjects (application_id, folded_name, id)
    WHERE status <> 'deleted';

CREATE INDEX subjects_by_organization
    ON subjects (application_id, organization_id, folded_name, id)
    WHERE status <> 'deleted';

-- The dashboard's people.

CREATE TABLE operators (
    id {text} PRIMARY KEY CHECK (id <> ''),
    email {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    roles {text} NOT NULL,
    rank {bigint} NOT NULL,
    status {text} NOT NULL,
    password_hash {text},
    created_at {bigint} NOT NULL,
    updated_at {bigint} NOT NULL
){strict};

CREATE TABLE operator_sessions (
    id {text} PRIMARY KEY CHECK (id <> ''),
    operator_id {text} NOT NULL REFERENCES operators (id),
    token_hash {blob} NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at {bigint} NOT NULL,
    last_seen_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    address {text},
    user_agent {text}
){strict};

CREATE INDEX operator_sessions_by_operator ON operator_sessions (operator_id, created_at, id);

CREATE INDEX operator_sessions_by_expiry ON operator_sessions (expires_at);

CREATE TABLE invitations (
    token_hash {blob} PRIMARY KEY CHECK (length(token_hash) = 32),
    operator_id {text} NOT NULL REFERENCES operators (id),
    created_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    used_at {bigint}
){strict};

CREATE INDEX invitations_by_operator ON invitations (operator_id);

CREATE TABLE sign_in_failures (
    key {blob} PRIMARY KEY,
    count {bigint} NOT NULL CHECK (count > 0),
    first_at {bigint} NOT NULL,
    locked_until {bigint}
){strict};

-- Grants, and what lives below them.

CREATE TABLE grants (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    actor_kind {text} NOT NULL,
    actor_ref {text} NOT NULL,
    actor_id {text} NOT NULL,
    actor_email {text},
    actor_name {text},
    actor_rank {bigint} NOT NULL,
    subject_id {text} NOT NULL,
    subject_ref {text} NOT NULL,
    organization_id {text},
    organization_ref {text},
    reason {text} NOT NULL,
    ticket {text},
    scope {text} NOT NULL,
    minutes {bigint} NOT NULL CHECK (minutes BETWEEN 1 AND 60),
    status {text} NOT NULL,
    return_to {text},
    created_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    session_ends_at {bigint},
    armed_until {bigint},
    armed_for {text}
){strict};

CREATE INDEX grants_by_time ON grants (created_at, id);

CREATE INDEX grants_by_application ON grants (application_id, created_at, id);

CREATE INDEX grants_by_actor ON grants (actor_ref, created_at, id);

CREATE INDEX grants_by_subject ON grants (subject_ref, created_at, id);

CREATE INDEX grants_open ON grants (created_at, id)
    WHERE status IN ('pending', 'ready', 'active');

CREATE TABLE impersonation_tokens (
    token_hash {blob} PRIMARY KEY CHECK (length(token_hash) = 32),
    grant_id {text} NOT NULL REFERENCES grants (id),
    application_id {text} NOT NULL REFERENCES applications (id),
    wire {text} NOT NULL,
    redirect_uri {text},
    code_challenge {text},
    created_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    used_at {bigint},
    session_id {text}
){strict};

CREATE INDEX impersonation_tokens_by_expiry ON impersonation_tokens (expires_at);

CREATE INDEX impersonation_tokens_by_grant ON impersonation_tokens (grant_id);

-- No session outlasts its hour, whatever the code above believes (DESIGN rule 5).
CREATE TABLE sessions (
    id {text} PRIMARY KEY CHECK (id <> ''),
    grant_id {text} NOT NULL REFERENCES grants (id),
    application_id {text} NOT NULL REFERENCES applications (id),
    actor_ref {text} NOT NULL,
    subject_ref {text} NOT NULL,
    organization_ref {text},
    token_hash {blob} NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    token_nonce {blob} NOT NULL,
    started_at {bigint} NOT NULL,
    ends_at {bigint} NOT NULL,
    idle_limit {bigint} NOT NULL CHECK (idle_limit > 0),
    last_active_at {bigint} NOT NULL,
    ended_at {bigint},
    end_cause {text},
    CHECK (ends_at BETWEEN started_at AND started_at + 3600000),
    CHECK ((ended_at IS NULL) = (end_cause IS NULL))
){strict};

CREATE INDEX sessions_by_time ON sessions (started_at, id);

CREATE INDEX sessions_by_application ON sessions (application_id, started_at, id);

CREATE INDEX sessions_by_actor ON sessions (actor_ref, started_at, id);

CREATE INDEX sessions_by_subject ON sessions (subject_ref, started_at, id);

CREATE INDEX sessions_by_organization ON sessions (organization_ref, started_at, id);

-- One grant has one live session (DESIGN rule 8).
CREATE UNIQUE INDEX sessions_live_by_grant ON sessions (grant_id) WHERE ended_at IS NULL;

CREATE INDEX sessions_by_grant ON sessions (grant_id, started_at, id);

CREATE INDEX sessions_live ON sessions (started_at, id) WHERE ended_at IS NULL;

CREATE TABLE stored_answers (
    scope {text} NOT NULL,
    key {text} NOT NULL,
    request_hash {blob} NOT NULL,
    status {bigint} NOT NULL,
    body {blob} NOT NULL,
    created_at {bigint} NOT NULL,
    PRIMARY KEY (scope, key)
){strict};

CREATE INDEX stored_answers_by_time ON stored_answers (created_at);

CREATE TABLE signing_keys (
    id {text} PRIMARY KEY CHECK (id <> ''),
    use {text} NOT NULL,
    application_id {text} REFERENCES applications (id),
    public {blob} NOT NULL,
    private_encrypted {blob} NOT NULL,
    created_at {bigint} NOT NULL,
    signs_from {bigint} NOT NULL,
    signs_until {bigint},
    retired_at {bigint}
){strict};

CREATE INDEX signing_keys_by_use ON signing_keys (use, application_id, created_at, id);

-- The log. Entries are appended without a gap from 0. What is searched is derived from the core
-- half and names nobody; it goes when the core half goes. Each index goes on by idx, so that every
-- list walks one of them backwards from where it stands, however long the log has become. What is
-- behind idx sifts entries of somebody who has many, without looking at each.

CREATE TABLE log_entries (
    idx {bigint} PRIMARY KEY CHECK (idx >= 0),
    time_ms {bigint} NOT NULL,
    type {text} NOT NULL,
    application_id {text},
    actor_ref {text},
    subject_ref {text},
    organization_ref {text},
    grant_id {text},
    session_id {text},
    outcome {text},
    leaf {blob} NOT NULL,
    core {text},
    core_salt {blob},
    personal {text},
    personal_salt {blob},
    CHECK ((core IS NULL) = (core_salt IS NULL)),
    CHECK ((personal IS NULL) = (personal_salt IS NULL))
){strict};

CREATE INDEX log_entries_by_type ON log_entries (type, idx);

CREATE INDEX log_entries_by_application ON log_entries (application_id, idx)
    WHERE application_id IS NOT NULL;

CREATE INDEX log_entries_by_actor ON log_entries (actor_ref, idx, type, outcome)
    WHERE actor_ref IS NOT NULL;

CREATE INDEX log_entries_by_subject ON log_entries (subject_ref, idx)
    WHERE subject_ref IS NOT NULL;

CREATE INDEX log_entries_by_organization ON log_entries (organization_ref, idx, type, outcome)
    WHERE organization_ref IS NOT NULL;

CREATE INDEX log_entries_by_session ON log_entries (session_id, idx) WHERE session_id IS NOT NULL;

-- Every index costs each recorded action some three microseconds. Hence a grant's entries are found
-- through its sessions, but for those that belong to none; and of the times, one in 256 will do.
CREATE INDEX log_entries_by_grant ON log_entries (grant_id, idx)
    WHERE grant_id IS NOT NULL AND session_id IS NULL;

CREATE INDEX log_entries_by_time ON log_entries (time_ms, idx) WHERE idx % 256 = 0;

-- Most entries are fine; those that are not must be found at once.
CREATE INDEX log_entries_not_ok ON log_entries (idx, outcome, type, application_id)
    WHERE outcome <> 'ok';

CREATE TABLE log_tiles (
    level {bigint} NOT NULL CHECK (level >= 0),
    tile_index {bigint} NOT NULL CHECK (tile_index >= 0),
    hashes {blob} NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (level, tile_index)
){strict};

CREATE TABLE log_head (
    id {bigint} PRIMARY KEY CHECK (id = 1),
    note {text} NOT NULL
){strict};
