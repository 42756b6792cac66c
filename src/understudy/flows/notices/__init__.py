"""Who hears of events, and telling them."""
