-- Grants that others have to agree to, what they said, and reviews of what went ahead without them.
-- compatible from: 0015

-- Nodes of before are shut out: they would ask nobody, whatever the settings say.
ALTER TABLE grants ADD COLUMN quorum {bigint};

ALTER TABLE grants ADD COLUMN review_id {text};

CREATE TABLE approvals (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    grant_id {text} NOT NULL,
    operator_id {text} NOT NULL,
    agreed {bigint} NOT NULL CHECK (agreed IN (0, 1)),
    minutes {bigint},
    scope {text},
    note {text},
    decided_at {bigint} NOT NULL,
    withdrawn_at {bigint},
    seal {blob}
){strict};

-- Nobody counts twice.
CREATE UNIQUE INDEX approvals_by_grant ON approvals (grant_id, operator_id);

CREATE TABLE reviews (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    grant_id {text} NOT NULL,
    opened_at {bigint} NOT NULL,
    closed_at {bigint},
    closed_by {text},
    note {text},
    seal {blob}
){strict};

CREATE INDEX reviews_open ON reviews (opened_at, id) WHERE closed_at IS NULL;

CREATE INDEX reviews_by_time ON reviews (opened_at, id);
