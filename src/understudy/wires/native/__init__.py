"""The native API under ``/api/v1``, the log API, health and metrics."""
