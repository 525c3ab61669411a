"""The command line; it does nothing that the windows could not do through the same services."""
