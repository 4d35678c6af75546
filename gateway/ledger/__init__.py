"""The ledger: the records of all requests, each durable before its answer leaves."""
