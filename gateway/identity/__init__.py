"""Identity: bearer tokens, the keys that verify them, and the requester they name."""
