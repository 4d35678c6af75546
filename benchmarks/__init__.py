"""How fast, beside what: run by `make bench`.

Read in this order: `places` (the database and the servers that are measured), `workloads` (what is asked), `measuring`
(requests per second, latency, CPU and memory of each), `__main__` (rounds, ratios, the report).
"""
