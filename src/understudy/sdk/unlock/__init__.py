"""One blocked change, as the guard reads it, so that it is known again when it comes once more."""
