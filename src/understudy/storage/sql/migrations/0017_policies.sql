-- Policies that admins write, by application and version.
-- compatible from: 0011

CREATE TABLE policy_sets (
    id {text} PRIMARY KEY CHECK (id <> ''),
    application_id {text} NOT NULL REFERENCES applications (id),
    version {bigint} NOT NULL CHECK (version > 0),
    text {text} NOT NULL,
    set_by {text} NOT NULL,
    set_at {bigint} NOT NULL,
    confirmable_at {bigint} NOT NULL,
    confirmed_by {text},
    confirmed_at {bigint},
    withdrawn_at {bigint},
    seal {blob} NOT NULL,
    UNIQUE (application_id, version),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
){strict};

-- Which are in force. An application that has some is not there for a node of before, as its code is
-- over this column as well: it would permit what they forbid.
ALTER TABLE applications ADD COLUMN policy_version {bigint};
