"""A member's own pages: who has seen their data, what is held, what they chose and what they ask for."""
