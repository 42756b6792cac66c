"""OAuth 2.0 as any client library speaks it: code hand-off with PKCE, metadata, keys, session JWTs.

Everything here translates and calls ``flows``; HTTP itself is the service's.
"""
