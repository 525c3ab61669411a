"""The department page for suppliers and reused stock."""
