"""Lets the rules strike at what EventBridge hands to queues: it never passes the wire."""

import threading
import time
from typing import Any

from ministack.services import eventbridge

from localcloud.faults.rules import Happening, Rule, Rules

_STEP_SECONDS = 0.05


def install_deliveries(rules: Rules) -> None:
    """Lose, repeat or delay deliveries; a delayed one arrives behind those that came after it."""
    deliver = eventbridge._dispatch_to_sqs

    def deliver_later(rule: Rule, arguments: tuple[Any, ...]) -> None:
        while not rules.is_released(rule):
            time.sleep(_STEP_SECONDS)
        deliver(*arguments)

    def deliver_with_fault(spec: Any, payload: str, sqs_parameters: Any = None) -> None:
        arguments = (spec, payload, sqs_parameters)
        rule = rules.take(Happening.delivery(payload))
        if rule is None:
            deliver(*arguments)
        elif rule.action == "double":
            deliver(*arguments)
            deliver(*arguments)
        elif rule.action == "hold":
            threading.Thread(target=deliver_later, args=(rule, arguments), daemon=True).start()

    eventbridge._dispatch_to_sqs = deliver_with_fault
