"""Pages read beside one who imports and forgets: none fails, and the rows are right at the end."""

import threading
from collections import Counter

import pytest

PAGES = (
    "/",
    "/imports",
    "/index.json",
    "/lens/toy.json",
    "/lens/toy/answer",
    "/settings",
    "/rejects",
)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_readers_beside_imports_and_forgets(empty, archive):
    kept, comes_and_goes = archive("kept", count=24), archive("goes", count=30, handle="zoe")
    empty.ledger.ingest(kept)
    met: Counter[int] = Counter()
    done = threading.Event()

    def poll(start: int) -> None:
        turn = start
        while not done.is_set():
            answer = empty.visit(PAGES[turn % len(PAGES)])
            met[answer.status] += 1
            turn += 1

    readers = [threading.Thread(target=poll, args=(number,)) for number in range(20)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(8):
            (report,) = empty.ledger.ingest(comes_and_goes)
            empty.ledger.forget(import_id=report.import_id)
    finally:
        done.set()
        for reader in readers:
            reader.join(60)
    assert set(met) == {200}
    assert met[200] >= 20
    assert [report.path for report in empty.ledger.imports()] == [str(kept)]
    assert empty.visit("/index.json").data["counts"]["posts"] == 24
