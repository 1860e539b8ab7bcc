"""pure: what went wrong on the way to a service -> words for a person."""

from __future__ import annotations

import os
import socket
import ssl


def words(error: OSError, timeout: float) -> str:
    """The cause in a few words, none of them the service's own; `timeout` are the seconds it had."""
    match error:
        case socket.gaierror():
            return f"the name does not resolve ({(error.strerror or 'no reason given').lower()})"
        case TimeoutError():
            return f"no answer within {timeout:g} s"
        case ssl.SSLCertVerificationError():
            return f"the certificate is not accepted ({error.verify_message})"
        case ssl.SSLError():
            return f"no TLS with this server ({(error.reason or 'no reason given').lower().replace('_', ' ')})"
        case ConnectionError() if error.errno is None:
            return "the connection was closed without an answer"
        case _:
            return os.strerror(error.errno or 0).lower()
