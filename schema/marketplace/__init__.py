"""One marketplace: its types, tables and policies. Another marketplace is another package of this form."""
