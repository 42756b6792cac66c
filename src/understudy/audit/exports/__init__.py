"""The log for the tools of others: NDJSON that proves itself, CSV, OCSF, ECS and CEF."""
