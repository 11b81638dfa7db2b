"""How firm the first place is: whether other weights, other answers or one vendor less would change it."""
