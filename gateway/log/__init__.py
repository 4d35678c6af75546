"""The access log: records, seals, and search."""
