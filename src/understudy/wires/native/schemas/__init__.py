"""The native API's JSON, as types: what is accepted, what is answered. OpenAPI is made from them.

Inputs refuse unknown fields. Fields of inputs that may be absent without meaning "clear this" are
``UNSET``; answers always carry every field, null where there is nothing. Times are RFC 3339 in UTC.
"""
