"""Adopting a database: what is read of it, what is guessed, and the marketplace package that is written."""
