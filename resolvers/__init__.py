"""The compiler: from a GraphQL document to one SQL statement. Pure: no I/O, no clock, no environment.

Read in the order a request goes: `document` (text to a valid, normalised document), `selection` (the last room that
knows GraphQL), `plan` and `planning` (what to show to whom, and the only place that decides), `sql`, `conditions`,
`masking`, `json_text`, `statistics`, `rows`, `pages` and `render` (the statement), `binding` (one call's values), `compiler` (all of it, remembered in
`memory`).
"""
