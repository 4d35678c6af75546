"""A second marketplace: the rental of equipment, with tables, ids and words of its own. What the suite asks of it."""
