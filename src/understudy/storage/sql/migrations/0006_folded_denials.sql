-- Refusals that came again and again: the first is an entry, the others are counted for one.
-- compatible from: 0002

-- A node of before writes an entry for each.
CREATE TABLE folded_denials (
    fingerprint {blob} PRIMARY KEY,
    type {text} NOT NULL CHECK (type <> ''),
    application_id {text},
    actor_kind {text},
    actor_ref {text},
    doer_kind {text},
    doer_ref {text},
    subject_ref {text},
    organization_ref {text},
    grant_id {text},
    rule {text} NOT NULL,
    since {bigint} NOT NULL,
    repeats {bigint} NOT NULL CHECK (repeats >= 0)
){strict};
