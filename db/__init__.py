"""The workspace file: storage, journal, rows. The only package that imports peewee and apsw."""
