-- Hidden fields that somebody asked to see for a while.
-- compatible from: 0011

-- A node of before makes none and looks at none: it hides what it always hid.
CREATE TABLE reveals (
    id {text} PRIMARY KEY,
    application_id {text} NOT NULL,
    session_id {text} NOT NULL,
    kind {text} NOT NULL,
    match {text} NOT NULL,
    path {text} NOT NULL,
    revealed_at {bigint} NOT NULL,
    expires_at {bigint} NOT NULL,
    seal {blob}
){strict};

CREATE INDEX reveals_of_session ON reveals (session_id, revealed_at);

CREATE INDEX reveals_by_time ON reveals (revealed_at);
