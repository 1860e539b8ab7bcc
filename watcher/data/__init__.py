"""Data that ships with the package: the default vocabulary."""
