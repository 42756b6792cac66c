"""Policies in the language of Cedar: what they say, whether they are sound, what they decide."""
