-- What knows the exchange again that used a token, where its answer got lost.
-- compatible from: 0002

-- A node of before keeps none, so that whatever it exchanged stays strictly single.
ALTER TABLE impersonation_tokens ADD COLUMN attempt {blob};
