"""The vocabulary: what there is, how it is labelled, and what the policy says of it. Pure.

Read in this order: `labels`, `treatments`, `conditions`, `requester`, `refusals` (the words); `fields` and `entities/`
(the Strawberry types with each field's column and label); `catalog` (what is read off them); `definition` (all that a marketplace declares, made in `marketplace/`); `policy`,
`policies/`, `passages`, `policy_file` and `soundness` (who may see what, and how it is read and checked); `changes` (what
another version would change); `view` (one GraphQL schema per role and purpose); `tables/` (the SQL).
"""
