"""The command line: one file a command."""


def main() -> None:
    """Entry point of `watcher`."""
