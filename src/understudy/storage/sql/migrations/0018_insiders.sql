-- Users who are there to be touched by nobody, and what was marked about a grant.
-- compatible from: 0011

-- A node of before sets neither. Such a user, and a grant with marks, are not there for it, as their
-- codes are over these columns as well: it would let somebody in, or forget the marks.
ALTER TABLE subjects ADD COLUMN honey_since {bigint};

ALTER TABLE grants ADD COLUMN marks {text};

-- online
CREATE INDEX subjects_honey ON subjects (application_id, id) WHERE honey_since IS NOT NULL;
