"""The marketplace: a rental of equipment over tables that are not Veil's."""
