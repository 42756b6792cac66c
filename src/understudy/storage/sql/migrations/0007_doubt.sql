-- What shows that a transaction was committed whose answer got lost, and that left no entry.
-- compatible from: 0002

-- One row of each process, which its next one replaces. A node of before knows nothing of it.
CREATE TABLE commit_marks (
    node {text} PRIMARY KEY,
    number {bigint} NOT NULL,
    made_at {bigint} NOT NULL
){strict};
