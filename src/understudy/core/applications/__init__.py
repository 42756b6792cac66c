"""The customers' apps: what an admin decides about each, and the addresses that they register."""
