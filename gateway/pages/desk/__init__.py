"""A privacy officer's pages: what is due, who can see and has seen what, papers, organisations, requests and reports."""
