"""What an app sends while somebody works as one of its users: mail, messages, payments, calls."""
