"""Having texts read by the annotators that a lens needs, before it is asked."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from threading import Lock

from empreinte import plugins
from empreinte.api.types import Progress
from empreinte.errors import AnnotatorError, EmpreinteError, UsageError
from empreinte.ledger import annotations as kept
from empreinte.ledger.annotations import Reader
from empreinte.ledger.store import Store
from empreinte.plugins import Need

_READING: defaultdict[str, Lock] = defaultdict(Lock)
"""By annotator: two that ask at once must not have a text read twice."""


def annotate(store: Store, lens: str, tell: Callable[[Progress], None]) -> None:
    """Have read what a lens needs and nobody has read yet.

    An annotator that is missing or fails is told in the log: the lens answers without it. It is
    interrupted at any moment without loss, and goes on where it was.
    """
    for need in getattr(plugins.lens(lens), "NEEDS", ()):
        try:
            with _READING[need.annotator]:
                _read(store, need, tell)
        except (AnnotatorError, UsageError) as error:
            logging.getLogger("empreinte").warning("%s", error)
        except EmpreinteError:
            raise
        except BaseException as error:
            plugins.pass_on(error)
            logging.getLogger("empreinte").exception("the annotator %s failed", need.annotator)


def _read(store: Store, need: Need, tell: Callable[[Progress], None]) -> None:
    annotator = plugins.annotator(need.annotator)
    reader = Reader(annotator.NAME, annotator.VERSION, getattr(annotator, "GATE", None))
    waiting = kept.to_read(store, reader, need.texts)
    done = 0
    for batch in kept.batches(store, waiting, getattr(annotator, "BATCH", None)):
        tell(Progress(need.annotator, "annotating", done, waiting.num_rows))
        said = annotator.annotate(batch.texts, batch.languages)
        kept.keep(store, reader, batch, said)
        done += len(batch.texts)
