"""The access log: records, the tree that proves them, and search."""
