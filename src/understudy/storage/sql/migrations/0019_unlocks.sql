-- Blocked writes that somebody asked for, each of which may be allowed once.
-- compatible from: 0011

-- A node of before makes none and looks at none: it blocks what it always blocked.
CREATE TABLE unlocks (
    id {text} PRIMARY KEY,
    application_id {text} NOT NULL,
    grant_id {text} NOT NULL,
    session_id {text} NOT NULL,
    actor_ref {text} NOT NULL,
    subject_ref {text} NOT NULL,
    method {text} NOT NULL,
    fingerprint {blob} NOT NULL,
    fields {text} NOT NULL,
    shown {blob},
    reason {text} NOT NULL,
    status {text} NOT NULL,
    asked_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    decided_by {text},
    decided_at {bigint},
    spent_at {bigint},
    seal {blob}
){strict};

CREATE INDEX unlocks_of_session ON unlocks (session_id, asked_at);

CREATE INDEX unlocks_by_end ON unlocks (expires_at);
