"""Exports of made-up people, in exactly the platforms' layouts.

Every source's tests stand on these, and so does ``empreinte demo``. A person is a `Person`
(`empreinte.testing.person`); the modules named after a source write that person's export as the
platform would have made it on a given day.
"""
