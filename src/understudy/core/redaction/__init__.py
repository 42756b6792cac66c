"""What of an app's answers is hidden while somebody works in it as a user."""
