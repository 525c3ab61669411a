"""The shell in real windows."""
