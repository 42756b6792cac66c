"""From a request to an ended session."""
