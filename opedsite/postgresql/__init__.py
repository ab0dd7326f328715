"""PostgreSQL with a connection that is checked without a question."""

# A request that waits longer than this for the database is better refused; commands have no such limit.
REQUEST_TIMEOUT_MS = 5000
# A worker that runs for ever needs one too: a database that is frozen never answers, and after it nothing would run.
JOB_TIMEOUT_MS = 60_000
