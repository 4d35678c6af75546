"""Releases of figures: the month that is over, with bounded contributions and noise, once."""
