"""The pages of the counter: the public one, a reservation's, the shop's own."""
