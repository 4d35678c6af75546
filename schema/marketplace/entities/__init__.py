"""The types of the marketplace, a file for each part of it: which column a field shows, its label, whose data it is."""
