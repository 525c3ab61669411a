"""All projects on one time axis."""
