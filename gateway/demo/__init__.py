"""The demo: an embedded PostgreSQL with sample data, a development key and personas."""
