-- What waits is cancelled without a list: an application's epoch, and that of each decision.
-- compatible from: 0002

-- A node of before knows no epoch and makes grants of the first one. Once it was raised those are
-- refused at the exchange, so that it does no harm.
ALTER TABLE applications ADD COLUMN epoch {bigint} NOT NULL DEFAULT 0;
ALTER TABLE grants ADD COLUMN epoch {bigint} NOT NULL DEFAULT 0;
