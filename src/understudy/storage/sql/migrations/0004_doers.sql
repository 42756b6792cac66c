-- Who did what an entry tells of, where that was not its actor.
-- compatible from: 0002

ALTER TABLE log_entries ADD COLUMN doer_ref {text};

-- online

-- Nearly all entries tell of what their actor did; those are not in it, and cost it nothing.
CREATE INDEX log_entries_by_doer ON log_entries (doer_ref, idx, type, outcome)
    WHERE doer_ref IS NOT NULL;
