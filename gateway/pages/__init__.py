"""Pages for people: HTML made on the server of what the GraphQL API answers, so that each look and change is recorded."""
