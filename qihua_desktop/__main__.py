"""The command line: the same services as the windows.

Errors go to stderr in one line; exit code 2 for what was typed or read, 1 for a failure, 0 otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    from qihua_desktop.cli.command_line import run

    return run(sys.argv[1:] if arguments is None else list(arguments))


if __name__ == "__main__":
    import multiprocessing

    multiprocessing.freeze_support()
    sys.exit(main())
