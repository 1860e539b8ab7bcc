"""Name servers that answer as they are told, for what no real one would do on demand."""

from __future__ import annotations

import asyncio
import socket

from aiohttp.abc import AbstractResolver, ResolveResult


class Answers(AbstractResolver):
    """Answers each look-up of a name that is no address with the next of these: addresses, an error, or silence (None);
    the last one stays.
    """

    def __init__(self, *answers: list[str] | OSError | None) -> None:
        self.left = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host.replace(".", "").isdigit():
            return [_result(host, host, port)]
        self.asked.append(host)
        answer = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if answer is None:
            await asyncio.Event().wait()
        if isinstance(answer, OSError):
            raise answer
        return [_result(host, address, port) for address in answer or ()]

    async def close(self) -> None:
        pass


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
