"""One marketplace: its types, conditions, tables and policies. Another marketplace is another package of this form."""
