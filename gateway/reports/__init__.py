"""Reports on the access log: a member's letter, a month, and the record of processing, as text, HTML and CSV."""
