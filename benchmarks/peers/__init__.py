"""What Understudy is measured against: each in a process of its own, set up to be fast."""

DATABASE = "UNDERSTUDY_BENCHMARK_DATABASE"
"""The environment variable that names the SQLite file of a Django site."""
KEEP = "UNDERSTUDY_BENCHMARK_KEEP_CONNECTIONS"
"""The one that, set to anything, makes it keep its connections."""
