"""The compiler: from a GraphQL document to one SQL statement. Pure: no I/O, no clock, no environment.

Read in the order of a request: `front/` (a document and its selection; the last room that knows GraphQL), `planning/`
(what may be shown; the only room that decides), `sql/` (the statement), `binding` (the values of one call). `compiler`
joins them and keeps results in a `cache`.
"""
