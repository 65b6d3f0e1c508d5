"""The ledger written out: exported, anonymised."""
