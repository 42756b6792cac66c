"""What the leaves of this log say, how they are appended, and how a whole log is verified."""
