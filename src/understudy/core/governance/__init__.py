"""What people agree to before, or look at after, somebody works as a user."""
