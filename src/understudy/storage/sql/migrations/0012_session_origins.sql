-- The origin at which alone a grant's sessions are served, where it has one.
-- compatible from: 0011

-- A node of before makes none. A grant that has one is not there for such a node, as its code is over
-- this column as well: it shall not be opened at the app's own host.
ALTER TABLE grants ADD COLUMN origin {text};
