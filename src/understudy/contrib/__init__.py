"""Framework adapters: each translates a request and calls the SDK."""
