"""Make the list of French postcodes and communes that the detectors use.

    npm pack @etalab/decoupage-administratif, unpack it, then
    python tools/communes.py FOLDER/package

Writes data/communes.txt.gz of `empreinte.texts.personal_data`: a line a postcode, ``75011 paris``;
the names as its `communes.plain` writes them, with ``|`` between those that share a postcode.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from empreinte.texts.personal_data.communes import FILE, plain


def main() -> int:
    folder = Path(sys.argv[1])
    names: dict[str, set[str]] = {}
    for commune in json.loads((folder / "data" / "communes.json").read_text(encoding="utf-8")):
        for code in commune.get("codesPostaux", ()):
            names.setdefault(code, set()).add(plain(commune["nom"]))
    lines = [f"{code} {'|'.join(sorted(names[code]))}" for code in sorted(names)]
    data = "\n".join(lines).encode()
    target = Path(__file__).parents[1] / "src/empreinte/texts/personal_data" / FILE
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(data)
    print(f"{len(names)} postcodes, {sum(map(len, names.values()))} names, "
          f"{target.stat().st_size} bytes")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
