"""Text in, findings out: what a text holds and says, in French and in English."""
