"""Planning: what the policy lets an operation show, decided."""
