"""The commands, a module for each thing one does: ask, keep, look, decide.

Each module offers ``commands()``: name, function and help, in the order they are shown. A
command imports what it needs when it runs.
"""
