"""The shell: everything that touches the world. Effects, and no decisions.

Read in the order a request goes: `pipeline` (the spine), `request`, `identity` with `keys`, `records`, `lanes` with
`gathering` and `lane`, `response`; then `app` (how it is put together), `settings`, `telemetry`, `console`; and what
surrounds it: `commands`, `explaining`, `migration`, `log` with `sealing`, `finding`, `embedded`, `development`,
`personas`, `sample/`.
"""
