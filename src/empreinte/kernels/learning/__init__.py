"""What dated acts teach of who takes up from whom, and how far a thing will go."""
