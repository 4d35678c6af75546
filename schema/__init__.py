"""The language: what can be asked for, how it is labelled, and what the policy says. Pure.

Read the words first (`labels`, `treatments`, `requester`, `refusals`, `conditions`), then `fields`, `definition` (what a
marketplace declares) and `catalog` (the entities with their columns), `policy/` (grants, files, checks), `visibility` and
`view` (what a role sees for a purpose). `marketplace/` holds one marketplace.
"""
