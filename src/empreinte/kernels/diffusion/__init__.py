"""How things spread over a graph: simulated, and maximised."""
