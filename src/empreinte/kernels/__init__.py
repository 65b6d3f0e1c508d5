"""Statistics on arrays: numpy arrays in, arrays and numbers out.

========================  =======================================================
`shrinkage`               rates shrunk towards a base rate, with intervals
`concentration`           Gini, share of the top, h-index
`counts`                  over-dispersed count regression from aggregated cells
`changes`                 change points of a weekly series, ratios of rates
`clock`                   instants as a wall clock shows them
========================  =======================================================

Kernels know neither the ledger nor the vocabulary, and take no data but what they are given.
"""
