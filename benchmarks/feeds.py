"""How long the feed source takes, a megabyte, for whole and for broken feeds.

python benchmarks/feeds.py
"""

from __future__ import annotations

import resource
import time

from empreinte.container import in_memory
from empreinte.model import Post
from empreinte.sources import feed

ITEM = (
    "<item><title>Entry {n}</title><link>https://blog.example/{n}</link>"
    "<guid>https://blog.example/{n}</guid><pubDate>Sat, 15 Feb 2025 12:00:00 +0100</pubDate>"
    "<category>one</category><description>{text}</description></item>\n"
)


def document(entries: int, broken: bool) -> bytes:
    """Write an RSS feed of `entries` entries of 1.2 kB, cut before its end if `broken`."""
    text = "&lt;p&gt;" + "some words " * 90 + "&lt;/p&gt;"
    items = "".join(ITEM.format(n=n, text=text) for n in range(entries))
    end = "" if broken else "</channel></rss>"
    return f"<rss version='2.0'><channel><title>Blog</title>{items}{end}".encode()


def main() -> None:
    for entries, broken in ((300, False), (3000, False), (12_000, False), (3000, True)):
        data = document(entries, broken)
        started = time.perf_counter()
        posts = sum(isinstance(item, Post) for item in feed.read(in_memory("feed.xml", data)))
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{posts} entries, {len(data) / 1e6:.1f} MB{', broken' if broken else ''}: "
            f"{seconds:.2f} s, {seconds / len(data) * 1e6:.2f} s/MB, peak {peak:.0f} MB"
        )


if __name__ == "__main__":
    main()
