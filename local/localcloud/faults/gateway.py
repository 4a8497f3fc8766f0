"""Lets the rules strike at requests, between the connection and ministack."""

import asyncio
import os
import signal
from typing import Any

from localcloud.asgi import Application, Message, Receive, Send, again, headers_of, read_body
from localcloud.faults.callers import caller_of, hang_up
from localcloud.faults.requests import describe, error_answer, service_of
from localcloud.faults.rules import Rule, Rules

_STEP_SECONDS = 0.05


class FaultyGateway:
    """An ASGI application around another. Without rules it only passes on."""

    def __init__(self, inner: Application, rules: Rules) -> None:
        self._inner = inner
        self._rules = rules

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request, with its fault if a rule has one for it."""
        if scope["type"] != "http" or not self._rules.exist():
            await self._inner(scope, receive, send)
            return
        headers = headers_of(scope)
        service = service_of(headers)
        # Objects may be large, and their bodies say nothing that a rule needs.
        body = b"" if service == "s3" else await read_body(receive)
        happening = describe(
            scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers, body
        )
        rule = self._rules.take(happening)
        if rule is not None:
            # A request that is held outlives its caller, so nothing of it may stay on the connection.
            body = await read_body(receive) if service == "s3" else body
            await self._strike(rule, service, scope, again(body), send)
        elif service == "s3":
            await self._inner(scope, receive, send)
        else:
            await self._inner(scope, again(body, receive), send)

    async def _strike(self, rule: Rule, service: str, scope: Any, receive: Receive, send: Send) -> None:
        if rule.moment == "before":
            if await self._goes_on(rule, service, scope, send):
                await self._inner(scope, receive, send)
                self._rules.finish(rule)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._inner(scope, receive, keep)
        if await self._goes_on(rule, service, scope, send):
            for message in answer:
                await send(message)

    async def _goes_on(self, rule: Rule, service: str, scope: Any, send: Send) -> bool:
        """Do what the rule says; whether the request, or its answer, goes its way after that."""
        port = scope["client"][1]
        match rule.action:
            case "hold":
                while not self._rules.is_released(rule):
                    await asyncio.sleep(_STEP_SECONDS)
                return True
            case "error":
                headers, body = error_answer(service, rule.code)
                pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
                pairs.append((b"content-length", str(len(body)).encode()))
                await send({"type": "http.response.start", "status": rule.status, "headers": pairs})
                await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})
            case "kill-cloud":
                os.kill(os.getpid(), signal.SIGKILL)
            case "kill-caller":
                caller = await asyncio.to_thread(caller_of, port)
                if caller is None:
                    raise RuntimeError(
                        f"fault rule {rule.name}: no process of this instance sent the request"
                    )
                os.kill(caller, signal.SIGKILL)
                hang_up(port)
            case "drop":
                hang_up(port)
        return False
