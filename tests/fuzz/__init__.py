"""Requests of every kind, by chance: what the gateway answers has the form of the requester's view, or a code."""
