"""Row classes and their repositories, one module a subject; ``db.tables`` hands them out."""
