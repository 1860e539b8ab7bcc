"""Watches feeds against rules and alerts once for each match."""

__version__ = "0.1.0"
