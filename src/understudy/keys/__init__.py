"""What everybody signs with: key pairs of applications, and the session JWT."""
