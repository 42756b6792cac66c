"""How each kind of framework serves the dashboard under a path of its own."""
