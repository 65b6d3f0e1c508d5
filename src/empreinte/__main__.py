"""``python -m empreinte`` is the command line."""

import sys

from empreinte.faces.cli import main

if __name__ == "__main__":
    sys.exit(main())
