"""Whether rows say what the log says of them."""
