"""What others decide about somebody's work as a user, and what they look at afterwards."""
