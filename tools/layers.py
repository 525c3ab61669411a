"""Check who imports whom: the contracts of pyproject.toml, and that ``domain`` uses the standard library only.

python -m tools.layers
"""

from __future__ import annotations

import sys

import grimp
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PACKAGES = ("qihua_desktop", "db", "ui", "resources")
PURE = "qihua_desktop.domain"
_PURE_MAY_USE = {"qihua_desktop", "resources"}


def foreign_imports_of_the_domain() -> list[str]:
    """Return “importer -> imported” for each import of the domain from outside the standard library."""
    graph = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    modules = {PURE, *graph.find_descendants(PURE)}
    return sorted(
        f"{module} -> {imported}"
        for module in modules
        for imported in graph.find_modules_directly_imported_by(module)
        if (top := imported.partition(".")[0]) not in sys.stdlib_module_names and top not in _PURE_MAY_USE
    )


def main() -> int:
    """Run the check; return the exit code."""
    status = lint_imports(no_cache=True, no_logo=True)
    foreign = foreign_imports_of_the_domain()
    for line in foreign:
        print(f"the domain uses a library: {line}")
    return 0 if status == EXIT_STATUS_SUCCESS and not foreign else 1


if __name__ == "__main__":
    sys.exit(main())
