"""The database: sessions in a pool, calls in batches, the owner's connection, and migrations."""
