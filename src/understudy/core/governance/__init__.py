"""What admins decide about who may work in whose account, beyond the rules."""
