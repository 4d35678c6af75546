"""Who asks: bearer tokens, the keys they are verified by, and the requester made of them."""
