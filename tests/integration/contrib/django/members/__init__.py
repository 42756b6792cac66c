"""Users of a model of the app's own: known by e-mail, numbered by UUIDs, without ``is_staff``."""
