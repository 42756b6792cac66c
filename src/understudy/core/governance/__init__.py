"""What others than the actor decide about an impersonation."""
