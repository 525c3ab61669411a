"""Row classes, one module a subject."""
