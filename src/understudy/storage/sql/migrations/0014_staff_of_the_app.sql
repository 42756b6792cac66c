-- Staff whom the embedding app signs in, and when they last said their password here.
-- compatible from: 0011

-- A node of before makes none. Such an operator, and a sign-in that was confirmed, are not there for
-- it, as their codes are over these columns as well: it could not ask the app who is still staff.
ALTER TABLE operators ADD COLUMN staff_id {text};

CREATE UNIQUE INDEX operators_by_staff_id ON operators (staff_id);

ALTER TABLE operator_sessions ADD COLUMN confirmed_at {bigint};
