"""The counter of a shop of one: true hours, reserve without an account, collect with a code.

A program apart. It keeps one SQLite file of its own and never sees a ledger: what it knows goes to
its owner as a log of events without persons (`empreinte.counter.log`), and nothing comes back.

`states` and `deciding` are pure: what may become of a reservation, and whether a request can be
granted. `store` writes, one transaction for all who wait; `acts` are what is written in one.
"""
