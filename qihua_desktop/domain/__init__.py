"""The planning department's concepts and rules: frozen dataclasses and pure functions, no Qt, no database, no files."""
