-- Refusals that are being counted; a few, for a minute each.

-- name: folded_denials_get
-- One of them.
SELECT
    fingerprint, type, application_id, actor_kind, actor_ref, doer_kind, doer_ref, subject_ref,
    organization_ref, grant_id, rule, since, repeats
FROM folded_denials
WHERE fingerprint = :fingerprint;

-- name: folded_denials_due
-- Those whose minute is over, and those of a moment that has not come: a clock was set back.
SELECT
    fingerprint, type, application_id, actor_kind, actor_ref, doer_kind, doer_ref, subject_ref,
    organization_ref, grant_id, rule, since, repeats
FROM folded_denials
WHERE since <= :by OR since > :now
ORDER BY since, fingerprint
LIMIT :limit;

-- name: folded_denials_add
-- The first of its kind.
INSERT INTO folded_denials (
    fingerprint, type, application_id, actor_kind, actor_ref, doer_kind, doer_ref, subject_ref,
    organization_ref, grant_id, rule, since, repeats
)
VALUES (
    :fingerprint, :type, :application_id, :actor_kind, :actor_ref, :doer_kind, :doer_ref,
    :subject_ref, :organization_ref, :grant_id, :rule, :since, :repeats
);

-- name: folded_denials_count
-- One more.
UPDATE folded_denials
SET repeats = repeats + 1
WHERE fingerprint = :fingerprint;

-- name: folded_denials_remove
-- Its entry is written.
DELETE FROM folded_denials
WHERE fingerprint = :fingerprint;
