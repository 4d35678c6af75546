"""The compiler: from a GraphQL document to one SQL statement. Pure: no I/O, no clock, no environment.

front       a document's text to a valid `Document`, and that to a `Selection`; the last room that knows GraphQL
planning    a selection to a `Plan`: what is shown of which rows, and when; the only room that decides
sql         a plan to a `Statement`; the only room that names columns of rows
binding     a plan and one call's variables to the values of its parameters
compiler    all of it, remembered in a `cache`
"""
