"""PostgreSQL with a connection that is checked without a question."""
