"""How fast, beside what: run by `make bench`.

Read in this order: `places` (the servers that are measured), `markets` (the rows behind them), `personas` and
`workloads` (requesters and queries), `contenders/` and `contending` (the servers), `answers` (they answer alike), `inside`
and `statements` (Veil's own statement, for `pgbench`), `measuring` and `rounds` (what a load costs, in turn), `targets`
and `comparing`; `growing`, `enlarging` and `curves`; `stages` (where a request's time goes); `checking` (against what
was measured before), `reporting` and `plots` (the page), `__main__` (the commands).
"""
