"""Use cases of those who decide about an impersonation without being its actor."""
