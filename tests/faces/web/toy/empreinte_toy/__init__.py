"""A stranger's plug-in: a source and a lens that the pages are tested with."""
