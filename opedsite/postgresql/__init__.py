"""PostgreSQL with a connection that is checked without a question."""

# A request that waits longer than this for the database is better refused; commands have no such limit.
REQUEST_TIMEOUT_MS = 5000
