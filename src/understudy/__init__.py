"""Understudy: work inside an app as one particular user, safely."""
