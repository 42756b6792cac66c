"""Databases that hold sessions of scope ``read_only`` to reading, below whatever the site does.

``UNDERSTUDY = {..., "READ_ONLY_DATABASES": True}``, or a list of aliases: what is not among them,
such as one of the site's sessions, stays as it is.
"""
