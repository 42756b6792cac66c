"""Every kind of entry, by what it is about; ``event_types`` has their order."""
