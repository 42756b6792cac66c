-- Groups of operators and of actors whom applications name, and tags of users.
-- compatible from: 0011

-- A node of before sets none of them. A row that has some is not there for it, as its code is over
-- this column as well: it would let somebody in whom a policy about groups or tags keeps out.
ALTER TABLE operators ADD COLUMN groups {text};

ALTER TABLE subjects ADD COLUMN tags {text};

ALTER TABLE grants ADD COLUMN actor_groups {text};

ALTER TABLE consent_requests ADD COLUMN actor_groups {text};

ALTER TABLE cases ADD COLUMN actor_groups {text};
