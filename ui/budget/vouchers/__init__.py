"""Vouchers and expense claims of a project."""
