"""The village's own OpenID provider, for demo and tests: a program with its own settings, key and database."""
