"""How long someone was there, from the marks that they left."""
