-- What users agreed to, what they are asked, and what they did not agree to.
-- compatible from: 0016

-- Nodes of before are shut out: they would ask no user, whatever the settings say.
CREATE TABLE consents (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    subject_ref {text} NOT NULL,
    kind {text} NOT NULL,
    scope {text} NOT NULL,
    minutes {bigint},
    given_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    withdrawn_at {bigint},
    actor_ref {text},
    request_id {text},
    grant_id {text},
    seal {blob}
){strict};

CREATE INDEX consents_of_subject ON consents (subject_ref, given_at, id)
    WHERE withdrawn_at IS NULL;

CREATE INDEX consents_by_age ON consents (application_id, expires_at);

CREATE TABLE consent_requests (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    subject_id {text} NOT NULL,
    subject_ref {text} NOT NULL,
    actor_kind {text} NOT NULL,
    actor_ref {text} NOT NULL,
    actor_id {text} NOT NULL,
    actor_email {text},
    actor_name {text},
    actor_rank {bigint} NOT NULL,
    reason {text} NOT NULL,
    ticket {text},
    scope {text} NOT NULL,
    minutes {bigint} NOT NULL,
    state {text} NOT NULL,
    created_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    code_hash {blob},
    code_expires_at {bigint},
    tries {bigint} NOT NULL,
    seal {blob}
){strict};

CREATE INDEX consent_requests_of_subject ON consent_requests (subject_ref, created_at, id)
    WHERE state = 'pending';

CREATE INDEX consent_requests_by_age ON consent_requests (application_id, expires_at);

CREATE TABLE code_tries (
    actor_ref {text} PRIMARY KEY CHECK (actor_ref <> ''),
    since {bigint} NOT NULL,
    wrong_today {bigint} NOT NULL,
    wrong {bigint} NOT NULL,
    seal {blob}
){strict};

CREATE TABLE cases (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    subject_id {text} NOT NULL,
    subject_ref {text} NOT NULL,
    actor_kind {text} NOT NULL,
    actor_ref {text} NOT NULL,
    actor_id {text} NOT NULL,
    actor_email {text},
    actor_name {text},
    actor_rank {bigint} NOT NULL,
    session_id {text},
    kind {text} NOT NULL,
    note {text} NOT NULL,
    opened_at {bigint} NOT NULL,
    closed_at {bigint},
    closed_by {text},
    closing_note {text},
    lifted_at {bigint},
    seal {blob}
){strict};

CREATE INDEX cases_by_time ON cases (opened_at, id);

CREATE INDEX cases_of_actor ON cases (actor_ref);

-- How many of the actors whom it names are kept from working.
ALTER TABLE applications ADD COLUMN freezes {bigint};

ALTER TABLE operators ADD COLUMN frozen_at {bigint};
