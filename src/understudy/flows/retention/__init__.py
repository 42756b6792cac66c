"""What the log forgets, and what keeps it from forgetting."""
