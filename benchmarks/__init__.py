"""Measures what the pages cost, against a yardstick that does the same real work with nothing around it."""
