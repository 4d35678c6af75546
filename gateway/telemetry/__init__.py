"""What the gateway tells of itself: a line for each request, spans, counts. Shapes, ids and codes, and nothing personal."""
