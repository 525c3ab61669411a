"""The department page for the annual budget."""
