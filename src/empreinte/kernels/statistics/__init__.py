"""Rates, counts and changes, with their uncertainty."""
