"""Graphs as arrays: kept, measured, drawn, read from files."""
