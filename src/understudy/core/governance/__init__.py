"""What admins lay down for an application's sessions, beyond its limits."""
