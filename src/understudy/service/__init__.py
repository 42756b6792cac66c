"""The ASGI service: routes, operator sign-in, errors, OpenAPI, the built dashboard."""
