"""The domain: frozen values and pure functions. No I/O, clock, randomness or framework."""
