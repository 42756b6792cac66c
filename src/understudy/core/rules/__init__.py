"""Whether one actor may become one subject."""
