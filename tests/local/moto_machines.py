"""Small machines over everything that the local engine corrects, for both engines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from machines import Json, chain

PASS: Json = {"Type": "Pass"}
SUCCEED: Json = {"Type": "Succeed"}
# The words of a cause are each engine's own.
CAUGHT: Json = {**SUCCEED, "Output": "{% $states.input.Error %}"}
ALL = ["States.ALL"]
CATCH_ALL = [{"ErrorEquals": ALL, "Next": "S2"}]
BIG = "{% $pad('', 262144, 'x') %}"


def invoke(payload: Any, **fields: Any) -> Json:
    """A Task that invokes the function of the test, whose Output is the payload of the answer."""
    arguments = {"FunctionName": "f", "Payload": payload}
    end = {} if "Next" in fields else {"End": True}
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments, **end}
    return {**task, "Output": "{% $states.result.Payload %}", **fields}


def failing(*errors: str, **fields: Any) -> Json:
    """A Task whose function throws each of ``errors`` in turn and then answers."""
    return invoke({"errors": list(errors)}, **fields)


def choice(condition: Any, **fields: Any) -> Json:
    rule = {"Condition": condition, "Next": "S2", "Output": "rule", "Assign": {"by": "rule"}}
    return {"Type": "Choice", "Choices": [rule], **fields}


def retry(*errors: str, **fields: Any) -> list[Json]:
    return [{"ErrorEquals": list(errors), **fields}]


@dataclass(frozen=True)
class Trial:
    """A machine with its input."""

    machine: Json
    data: Any = field(default_factory=dict)


BY = {**PASS, "Output": "{% {'input': $states.input, 'by': $by} %}"}
PARALLEL: Json = {"Type": "Parallel", "Branches": [chain(PASS), chain({**PASS, "Output": 2})]}
EACH: Json = {"Type": "Map", "Items": [1, 2], "MaxConcurrency": 1}

TRIALS: Mapping[str, Trial] = {
    # Output and Assign everywhere, Assign all at once
    "pass output": Trial(chain({**PASS, "Output": "{% $states.input.n + 1 %}"}), {"n": 1}),
    "succeed output": Trial(chain({**SUCCEED, "Output": "{% $states.input.n * 2 %}"}), {"n": 4}),
    "wait output and assign": Trial(
        chain({"Type": "Wait", "Seconds": 0, "Output": "w", "Assign": {"by": 1}}, BY)
    ),
    "rule output and assign": Trial(chain(choice("{% $states.input.n > 1 %}", Default="S2"), BY), {"n": 2}),
    "default output and assign": Trial(
        chain(choice("{% false %}", Default="S2", Output="state", Assign={"by": "state"}), BY)
    ),
    "task output and assign": Trial(
        chain(invoke({"a": 1}, Assign={"by": "{% $states.result.StatusCode %}"}), BY)
    ),
    "swap": Trial(
        chain(
            {**PASS, "Assign": {"a": 1, "b": 2}},
            {**PASS, "Assign": {"a": "{% $b %}", "b": "{% $a %}"}},
            {**PASS, "Output": "{% [$a, $b] %}"},
        )
    ),
    "output sees old values": Trial(
        chain({**PASS, "Assign": {"a": 1}}, {**PASS, "Assign": {"a": 2}, "Output": "{% $a %}"})
    ),
    "variable of text with quotes": Trial(
        chain({**PASS, "Assign": {"a": "{% $states.input.text %}"}}, {**PASS, "Output": "{% $a %}"}),
        {"text": 'say "no"'},
    ),
    "variable of null": Trial(chain({**PASS, "Assign": {"a": None}}, {**PASS, "Output": "{% $a = null %}"})),
    # Expressions and boolean conditions
    "condition of text": Trial(chain(choice("{% 'true' %}", Default="S2"), BY)),
    "condition of number": Trial(chain(choice("{% 1 %}", Default="S2"), BY)),
    "undefined output": Trial(chain({**PASS, "Output": "{% $states.input.absent %}"})),
    "undefined variable": Trial(chain({**PASS, "Output": "{% $absent %}"})),
    "wrong type in an expression": Trial(chain({**PASS, "Output": "{% 'a' + 1 %}"})),
    "function as output": Trial(chain({**PASS, "Output": "{% function($x) { $x } %}"})),
    "choice without a match": Trial(chain(choice("{% false %}"), BY)),
    "negative wait": Trial(chain({"Type": "Wait", "Seconds": "{% -1 %}"})),
    "fail computed": Trial(
        chain({"Type": "Fail", "Error": "{% $states.input.e %}", "Cause": "c"}), {"e": "E"}
    ),
    "fail of a number": Trial(chain({"Type": "Fail", "Error": "{% 1 %}"})),
    # Scopes of Parallel and Map
    "parallel outputs": Trial(chain({**PARALLEL, "Output": "{% $states.result[1] %}"})),
    "parallel arguments": Trial(
        chain(
            {"Type": "Parallel", "Arguments": {"n": "{% $states.input.n + 1 %}"}, "Branches": [chain(PASS)]}
        ),
        {"n": 1},
    ),
    "parallel assign": Trial(chain({**PARALLEL, "Assign": {"by": "{% $states.result[1] %}"}}, BY)),
    "branch reads around it": Trial(
        chain(
            {**PASS, "Assign": {"a": 7}},
            {"Type": "Parallel", "Branches": [chain({**PASS, "Output": "{% $a %}"})]},
        )
    ),
    "branch keeps its own": Trial(
        chain(
            {"Type": "Parallel", "Branches": [chain({**PASS, "Assign": {"mine": 1}})]},
            {**PASS, "Output": "{% $exists($mine) %}"},
        )
    ),
    "map": Trial(chain({**EACH, "ItemProcessor": chain({**PASS, "Output": "{% $states.input * 10 %}"})})),
    "map selector": Trial(
        chain(
            {
                **EACH,
                "ItemSelector": {"i": "{% $states.context.Map.Item.Index %}", "all": "{% $states.input.n %}"},
                "ItemProcessor": chain(PASS),
            }
        ),
        {"n": 9},
    ),
    "map over nothing": Trial(
        chain({"Type": "Map", "Items": "{% $states.input.none %}", "ItemProcessor": chain(PASS)}),
        {"none": []},
    ),
    "map over an object": Trial(
        chain({"Type": "Map", "Items": "{% {'a': 1} %}", "ItemProcessor": chain(PASS)}),
    ),
    "map over a number": Trial(
        chain(
            {
                "Type": "Map",
                "Items": "{% 1 %}",
                "ItemProcessor": chain(PASS),
                "Catch": CATCH_ALL,
                "Next": "S2",
            },
            CAUGHT,
        ),
    ),
    "map item fails": Trial(
        chain({**EACH, "ItemProcessor": chain(failing("E")), "Catch": CATCH_ALL, "Next": "S2"}, CAUGHT)
    ),
    "branch fails": Trial(
        chain(
            {"Type": "Parallel", "Branches": [chain(failing("E"))], "Catch": CATCH_ALL, "Next": "S2"}, CAUGHT
        )
    ),
    # Retry, Catch and names of errors
    "custom error uncaught": Trial(chain(failing("LeaseLost"))),
    "custom error caught by name": Trial(
        chain(failing("LeaseLost", Catch=[{"ErrorEquals": ["LeaseLost"], "Next": "S2"}], Next="S2"), CAUGHT)
    ),
    "catch output and assign": Trial(
        chain(
            failing(
                "E",
                Catch=[
                    {
                        "ErrorEquals": ALL,
                        "Next": "S2",
                        "Output": "{% $states.errorOutput.Error %}",
                        "Assign": {"by": "{% $states.errorOutput.Error %}"},
                    }
                ],
                Next="S2",
            ),
            BY,
        )
    ),
    "retry until it works": Trial(chain(failing("E", "E", Retry=retry("E", IntervalSeconds=1)))),
    "retry gives up": Trial(chain(failing(*["E"] * 5, Retry=retry("E", MaxAttempts=2)))),
    "retriers count by themselves": Trial(
        chain(failing("E", "F", "E", Retry=[*retry("E", MaxAttempts=1), *retry("F", MaxAttempts=1)]))
    ),
    "retry count in the context": Trial(
        chain(
            failing("E", Retry=retry(*ALL), Output="{% $states.context.State.RetryCount %}"),
        )
    ),
    "task failed takes a custom error": Trial(
        chain(failing("E", Catch=[{"ErrorEquals": ["States.TaskFailed"], "Next": "S2"}], Next="S2"), CAUGHT)
    ),
    "expression in output caught": Trial(
        chain(invoke({}, Output="{% $states.result.absent %}", Catch=CATCH_ALL, Next="S2"), CAUGHT)
    ),
    "expression in arguments caught": Trial(
        chain(invoke("{% $absent %}", Catch=CATCH_ALL, Next="S2"), CAUGHT)
    ),
    # Timeouts
    "task times out": Trial(
        chain(invoke({"hangs": True}, TimeoutSeconds=1, Catch=CATCH_ALL, Next="S2"), CAUGHT)
    ),
    "computed timeout": Trial(
        chain(invoke({"hangs": True}, TimeoutSeconds="{% 1 %}", Catch=CATCH_ALL, Next="S2"), CAUGHT)
    ),
    "task failed takes no timeout": Trial(
        chain(
            invoke(
                {"hangs": True},
                TimeoutSeconds=1,
                Catch=[{"ErrorEquals": ["States.TaskFailed"], "Next": "S2"}],
                Next="S2",
            ),
            CAUGHT,
        )
    ),
    "machine times out": Trial(
        {**chain(invoke({"hangs": True}, Catch=CATCH_ALL, Next="S2"), CAUGHT), "TimeoutSeconds": 1}
    ),
    # 256 KiB
    "output of 256 KiB": Trial(chain({**PASS, "Output": BIG})),
    "variable of 256 KiB": Trial(chain({**PASS, "Assign": {"a": BIG}})),
    "result of 256 KiB past a catch": Trial(chain(invoke({"big": True}, Catch=CATCH_ALL, Next="S2"), CAUGHT)),
}

END: Json = {**PASS, "End": True}
BROKEN: Mapping[str, Json] = {
    "no start": {"States": {"A": END}},
    "no type": {"StartAt": "A", "States": {"A": {"End": True}}},
    "unknown type": {"StartAt": "A", "States": {"A": {**END, "Type": "Tusk"}}},
    "unknown field": {"StartAt": "A", "States": {"A": {**END, "Outptu": 1}}},
    "unknown target": {"StartAt": "A", "States": {"A": {**PASS, "Next": "X"}, "B": END}},
    "no end": {"StartAt": "A", "States": {"A": {**PASS, "Next": "A"}}},
    "unreachable": {"StartAt": "A", "States": {"A": END, "B": END}},
    "duplicate name": chain({"Type": "Parallel", "Branches": [chain(PASS)]}),
    "JSONPath field": {"StartAt": "A", "States": {"A": {**END, "ResultPath": "$.a"}}},
    "expression that cannot be read": {"StartAt": "A", "States": {"A": {**END, "Output": "{% 1 + %}"}}},
    "variable of an outer scope": {
        "StartAt": "P",
        "States": {
            "P": {"Type": "Parallel", "Branches": [chain({**PASS, "Assign": {"a": 1}})], "Next": "A"},
            "A": {**END, "Assign": {"a": 1}},
        },
    },
}
# API_ValidateStateMachineDefinitionDiagnostic.html lists the codes with which AWS refuses each of these;
# the scopes are on workflow-variables.html. moto reads the grammar of the language and looks no further.
MOTO_TAKES = (
    *("unknown target", "no end", "unreachable", "duplicate name", "variable of an outer scope"),
    "expression that cannot be read",
)
