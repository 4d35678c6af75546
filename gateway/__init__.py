"""The shell: everything that touches the world. Effects, and no decisions.

Read in the order of a request: `pipeline`, `http/`, `identity/`, `policy/`, `database/`, `log/`. Then `app` (how the parts
are joined), `exchange`, `settings`, `telemetry`, `progress`, and around them `cli/` and `demo/`.
"""
