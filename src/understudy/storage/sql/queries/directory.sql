-- Applications, organizations and subjects.

-- name: applications_get
-- One application.
SELECT
    id, name, vertical, status, settings, secret_mac AS secret_hash,
    previous_secret_mac AS previous_secret_hash,
    previous_secret_expires_at, created_at, updated_at, epoch, freezes, policy_version, seal
FROM applications
WHERE id = :id;

-- name: applications_by_secret_hash
-- The application whose secret, present or previous, has this hash.
SELECT
    id, name, vertical, status, settings, secret_mac AS secret_hash,
    previous_secret_mac AS previous_secret_hash,
    previous_secret_expires_at, created_at, updated_at, epoch, freezes, policy_version, seal
FROM applications
WHERE secret_mac = :secret_hash OR previous_secret_mac = :secret_hash
LIMIT 1;

-- name: applications_list
-- All applications, by name.
SELECT
    id, name, vertical, status, settings, secret_mac AS secret_hash,
    previous_secret_mac AS previous_secret_hash,
    previous_secret_expires_at, created_at, updated_at, epoch, freezes, policy_version, seal
FROM applications
ORDER BY name, id;

-- name: applications_add
-- A new application.
INSERT INTO applications (
    id, name, vertical, status, settings, secret_mac, previous_secret_mac,
    previous_secret_expires_at, created_at, updated_at, epoch, freezes, policy_version, seal
)
VALUES (
    :id, :name, :vertical, :status, :settings, :secret_hash, :previous_secret_hash,
    :previous_secret_expires_at, :created_at, :updated_at, :epoch, :freezes, :policy_version, :seal
);

-- name: applications_save
-- What an admin changed.
UPDATE applications
SET
    name = :name,
    vertical = :vertical,
    status = :status,
    settings = :settings,
    secret_mac = :secret_hash,
    previous_secret_mac = :previous_secret_hash,
    previous_secret_expires_at = :previous_secret_expires_at,
    created_at = :created_at,
    updated_at = :updated_at,
    epoch = :epoch,
    freezes = :freezes,
    policy_version = :policy_version,
    seal = :seal
WHERE id = :id;

-- name: organizations_get
-- One organization, deleted or not.
SELECT
    application_id, id, ref, name, status, created_at, updated_at, slug, external_id, extra, seal
FROM organizations
WHERE application_id = :application_id AND id = :id;

-- name: organizations_by_slug
-- The organization of this slug, unless it was deleted.
SELECT
    application_id, id, ref, name, status, created_at, updated_at, slug, external_id, extra, seal
FROM organizations
WHERE application_id = :application_id AND slug = :slug AND status <> 'deleted';

-- name: organizations_by_external_id
-- The organization of this further id, unless it was deleted.
SELECT
    application_id, id, ref, name, status, created_at, updated_at, slug, external_id, extra, seal
FROM organizations
WHERE application_id = :application_id AND external_id = :external_id AND status <> 'deleted';

-- name: organizations_search
-- A page of organizations that still exist, by name.
SELECT
    application_id, id, ref, name, status, created_at, updated_at, slug, external_id, extra, seal
FROM organizations
WHERE application_id = :application_id
    AND status <> 'deleted'
    AND folded_text LIKE :words ESCAPE '!'  -- each words
    AND (folded_name, id) > (:after_name, :after_id)  -- if after_id
ORDER BY folded_name, id
LIMIT :limit;

-- name: organizations_save
-- A new organization, or what changed about a known one; its ref never does.
INSERT INTO organizations (
    application_id, id, ref, name, status, created_at, updated_at, slug, external_id, extra,
    folded_name, folded_text, seal
)
VALUES (
    :application_id, :id, :ref, :name, :status, :created_at, :updated_at, :slug, :external_id,
    :extra, :folded_name, :folded_text, :seal
)
ON CONFLICT (application_id, id) DO UPDATE SET
    ref = excluded.ref,
    name = excluded.name,
    status = excluded.status,
    created_at = excluded.created_at,
    updated_at = excluded.updated_at,
    slug = excluded.slug,
    external_id = excluded.external_id,
    extra = excluded.extra,
    folded_name = excluded.folded_name,
    folded_text = excluded.folded_text,
    seal = excluded.seal;

-- name: subjects_get
-- One subject, deleted or not.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, seal
FROM subjects
WHERE application_id = :application_id AND id = :id;

-- name: subjects_search
-- A page of subjects that still exist, by name.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, seal
FROM subjects
WHERE application_id = :application_id
    AND status <> 'deleted'
    AND id IN (:ids)  -- if ids
    AND email IN (:emails)  -- if emails
    AND external_id IN (:external_ids)  -- if external_ids
    AND status IN (:statuses)  -- if statuses
    AND organization_id = :organization_id  -- if organization_id
    AND folded_text LIKE :words ESCAPE '!'  -- each words
    AND (folded_name, id) > (:after_name, :after_id)  -- if after_id
ORDER BY folded_name, id
LIMIT :limit;

-- name: subjects_walk
-- Whom the words mean among the first by name, who are as many as are looked at.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, seal
FROM (
    SELECT
        application_id, id, ref, email, name, organization_id, roles, protected, status,
        created_at, updated_at, external_id, extra, honey_since, tags,
        folded_name, folded_text, seal
    FROM subjects
    WHERE application_id = :application_id
        AND status <> 'deleted'
        AND organization_id = :organization_id  -- if organization_id
        AND (folded_name, id) > (:after_name, :after_id)  -- if after_id
    ORDER BY folded_name, id
    LIMIT :looked_at
) AS first_ones
WHERE application_id = :application_id
    AND status IN (:statuses)  -- if statuses
    AND folded_text LIKE :words ESCAPE '!'  -- each words
ORDER BY folded_name, id
LIMIT :limit;

-- name: subjects_beyond
-- Whether somebody stands behind those who are looked at.
SELECT id
FROM subjects
WHERE application_id = :application_id
    AND status <> 'deleted'
    AND organization_id = :organization_id  -- if organization_id
    AND (folded_name, id) > (:after_name, :after_id)  -- if after_id
ORDER BY folded_name, id
LIMIT 1 OFFSET :looked_at;

-- name: subjects_find
-- A page of subjects that still exist, by name, of whom the index of letters knows the words.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, seal
FROM (
    SELECT
        application_id, id, ref, email, name, organization_id, roles, protected, status,
        created_at, updated_at, external_id, extra, honey_since, tags,
        folded_name, folded_text, seal
    FROM subjects
    -- The index of names would be walked to its end in order to save the sorting of a few rows.
    NOT INDEXED  -- on sqlite
    WHERE application_id = :application_id
        AND status <> 'deleted'
        AND name_letters(folded_text, application_id) @@ CAST(:letters_query AS tsquery)  -- on postgresql
        AND rowid IN (  -- on sqlite
            SELECT rowid FROM subject_letters  -- on sqlite
            WHERE subject_letters MATCH :letters_match  -- on sqlite
                || (SELECT ' AND (' || coalesce(group_concat('"' || replace(term, '"', '""') || '"', ' OR '), '""') || ')' FROM subject_terms WHERE term >= :beginnings AND term <= :beginnings || char(1114111))  -- each beginnings on sqlite
            UNION ALL SELECT subject FROM subjects_unread  -- on sqlite
        )  -- on sqlite
        AND folded_text LIKE :words ESCAPE '!'  -- each words
    OFFSET 0  -- on postgresql
) AS found
WHERE application_id = :application_id
    AND organization_id = :organization_id  -- if organization_id
    AND status IN (:statuses)  -- if statuses
    AND (folded_name, id) > (:after_name, :after_id)  -- if after_id
ORDER BY folded_name, id
LIMIT :limit;

-- name: subjects_count
-- How many subjects a search finds.
SELECT count(*) AS number
FROM subjects
WHERE application_id = :application_id
    AND status <> 'deleted'
    AND id IN (:ids)  -- if ids
    AND email IN (:emails)  -- if emails
    AND external_id IN (:external_ids)  -- if external_ids
    AND status IN (:statuses)  -- if statuses
    AND organization_id = :organization_id  -- if organization_id
    AND folded_text LIKE :words ESCAPE '!'  -- each words;

-- name: subjects_by_roles
-- How many subjects that still exist hold the same roles, those of the most first.
SELECT roles, count(*) AS users
FROM subjects
WHERE application_id = :application_id AND status <> 'deleted'
GROUP BY roles
ORDER BY users DESC, roles
LIMIT :limit;

-- name: subjects_ids
-- Who there is.
SELECT id
FROM subjects
WHERE application_id = :application_id
    AND status <> 'deleted'
ORDER BY id;

-- name: subjects_honey
-- Honey users of an application.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, seal
FROM subjects
WHERE application_id = :application_id
    AND honey_since IS NOT NULL
ORDER BY id;

-- name: subjects_oldest
-- A window of subjects in the order of their creation.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, seal
FROM subjects
WHERE application_id = :application_id
    AND status <> 'deleted'
    AND id IN (:ids)  -- if ids
    AND email IN (:emails)  -- if emails
    AND external_id IN (:external_ids)  -- if external_ids
    AND status IN (:statuses)  -- if statuses
    AND organization_id = :organization_id  -- if organization_id
    AND folded_text LIKE :words ESCAPE '!'  -- each words
ORDER BY created_at, id
LIMIT :limit OFFSET :offset;

-- name: subjects_newest
-- A window of subjects, the youngest first.
SELECT
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, seal
FROM subjects
WHERE application_id = :application_id
    AND status <> 'deleted'
    AND id IN (:ids)  -- if ids
    AND email IN (:emails)  -- if emails
    AND external_id IN (:external_ids)  -- if external_ids
    AND status IN (:statuses)  -- if statuses
    AND organization_id = :organization_id  -- if organization_id
    AND folded_text LIKE :words ESCAPE '!'  -- each words
ORDER BY created_at DESC, id DESC
LIMIT :limit OFFSET :offset;

-- name: subjects_save
-- A new subject, or what changed about a known one.
INSERT INTO subjects (
    application_id, id, ref, email, name, organization_id, roles, protected, status,
    created_at, updated_at, external_id, extra, honey_since, tags, folded_name, folded_text, seal
)
VALUES (
    :application_id, :id, :ref, :email, :name, :organization_id, :roles, :protected,
    :status, :created_at, :updated_at, :external_id, :extra, :honey_since, :tags,
    :folded_name, :folded_text, :seal
)
ON CONFLICT (application_id, id) DO UPDATE SET
    ref = excluded.ref,
    email = excluded.email,
    name = excluded.name,
    organization_id = excluded.organization_id,
    roles = excluded.roles,
    protected = excluded.protected,
    status = excluded.status,
    created_at = excluded.created_at,
    updated_at = excluded.updated_at,
    external_id = excluded.external_id,
    extra = excluded.extra,
    honey_since = excluded.honey_since,
    tags = excluded.tags,
    folded_name = excluded.folded_name,
    folded_text = excluded.folded_text,
    seal = excluded.seal;
