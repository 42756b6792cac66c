"""Stytch's API as its official SDKs speak it: impersonation, sessions, directory, roles, keys.

An application is what Stytch calls a project; its subjects are members (of an organization) or
users. Everything here translates and calls ``flows``; HTTP itself is the service's.
"""
