"""The back-end interface of Clerk's SDKs: actor tokens, users, sessions, tickets, the handshake.

Everything here translates and calls ``flows``; HTTP itself is the service's. Clerk's words stay
here and in the service's routes of the same name.
"""
