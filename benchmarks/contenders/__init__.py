"""Who else could answer: an empty route, one written by hand without and with records, Strawberry as it is usually used, PostGraphile, and Veil
with parts switched off. Each is an application of its own; none knows of the measuring."""
