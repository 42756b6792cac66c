-- Accounts that somebody got into by a fresh link, until it is confirmed that it was the owner.
-- compatible from: 0022

-- Nodes of before are shut out: what such an account does they would write without the mark.
ALTER TABLE operators ADD COLUMN taken_over_at {bigint};

ALTER TABLE operators ADD COLUMN taken_over_by {text};

ALTER TABLE invitations ADD COLUMN made_by {text};
