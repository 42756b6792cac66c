"""Webhooks on their way: how messages are spelled and signed, and how they are sent safely."""
