"""The tamper-evident log: RFC 6962 trees, C2SP notes, checkpoints, tiles, proofs and receipts."""
