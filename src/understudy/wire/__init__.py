"""Other people's protocols, translated onto our flows."""
