"""Statistics and graphs on arrays: numpy arrays in, arrays and numbers out.

========================  =======================================================
`shrinkage`               rates shrunk towards a base rate, with intervals
`concentration`           Gini, share of the top, h-index
`counts`                  over-dispersed count regression from aggregated cells
`changes`                 change points of a weekly series, ratios of rates
`item_response`           adaptive tests: where somebody stands, what to ask next
`clock`                   instants as a wall clock shows them
`graph`, `graph_files`    directed graphs, kept and exchanged
`cascades`                simulation, with `delays` and `competition`
`maximisation`            where a message must start
`learning`, `forecast`    from dated acts to probabilities and sizes
`spaced_repetition`       when something learnt should be asked again
`measures`                who is central, who stands between, who belongs together
========================  =======================================================

Kernels know neither the ledger nor the vocabulary, and take no data but what they are given.
"""
