"""Lillköping: a fictional municipality with a lived year and a half, made through the actions. Tests import it."""
