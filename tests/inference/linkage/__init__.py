"""How many pseudonyms lead to somebody, beside public facts and those of others: measured by the attacks themselves."""
