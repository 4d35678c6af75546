"""The plan as SQL."""
