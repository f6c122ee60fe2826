"""The second lock: row-level security in PostgreSQL, made from one declaration and functions that read the facts."""
