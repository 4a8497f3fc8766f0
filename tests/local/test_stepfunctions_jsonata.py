"""Expressions give what the reference implementation of JSONata gives: AWS runs that one
(docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html), the local cloud a port of it.

Known to differ, and used nowhere here: $distinct of equal values, $count(null).
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from instances import PROJECT
from localcloud.stepfunctions.expressions import Scope, evaluate
from localcloud.stepfunctions.failures import StateFailure

REFERENCE = """
const jsonata = require(process.argv[1]);
const cases = JSON.parse(require('fs').readFileSync(0));
const run = async ([expression, bindings]) => {
  try {
    const value = await jsonata(expression).evaluate(undefined, bindings);
    return value === undefined || typeof value === 'function' ? null : JSON.stringify(value);
  } catch { return null; }
};
Promise.all(cases.map(run)).then((values) => console.log(JSON.stringify(values)));
"""

VARIABLES = {
    "accepted": {"products": 0, "orders": 2, "order_items": 1},
    "batch": {"number": 7, "chunks": 1, "uninitialised": ["products"], "orphansDue": [], "expiryDue": ["x"]},
    "outcomes": [
        {"dataset": "products", "status": "SKIPPED"},
        {"dataset": "orders", "status": "STALLED", "failure": {"name": "E", "message": "why"}},
    ],
    "chunkErrors": [],
    "alert": None,
    "lease": {"owner": "o", "fence": 3},
    "failure": {"Error": "X", "Cause": "c"},
    "batchStatus": "DONE",
    "batchNumber": 7,
}
INPUT = {
    "status": "WAIT",
    "waitSeconds": 5,
    "action": "FAIL",
    "failure": {"name": "E"},
    "list": [1, {"a": None}],
}
RESULTS: list[Any] = [
    {
        "ResultSet": {
            "Rows": [
                {"Data": [{"VarCharValue": "n"}]},
                {"Data": [{"VarCharValue": "c"}, {"VarCharValue": "0"}]},
            ]
        }
    },
    {"Payload": {"status": "DONE", "alert": None}},
    [{"accepted": {"products": 1, "orders": 2}}],
    [{"error": {"Error": "e"}}, {"accepted": {}}],
]

LANGUAGE = [
    *(
        "[0..0]",
        "[0..2]",
        "$outcomes.status",
        "$outcomes[status='no']",
        "[$outcomes[status='no']]",
        "$batch.none",
    ),
    *(
        "null",
        "[null]",
        "[]",
        "{'a': []}",
        "{'a': $batch.none}",
        "$type($alert)",
        "$alert = null",
        "$x := 1; $x",
    ),
    *("$string(1.0)", "$string(0.1 + 0.2)", "1/3", "6/3", "$string(1e21)", "$round(2.5)", "$number('1.50')"),
    *("$string({'a': 1.50, 'b': [1, null]}, true)", "$substring('abc', -2)", "$pad('x', -3, '0')"),
    *(
        "$map($outcomes, function($o) { $o.status })",
        "$filter([1], function($v) { $v > 5 })",
        "$sort([3, 1, 2])",
    ),
    *(
        "$reduce([1, 2, 3], function($a, $b) { $a + $b })",
        "$merge([{'a': 1}, {'b': null}])",
        "$keys({'a': 1})",
    ),
    *(
        "$append($outcomes, [{'a': 1}])",
        "$zip([1, 2], [3, 4])",
        "$lookup([{'a': 1}, {'a': 2}], 'a')",
        "$sum([])",
    ),
    *(
        "'a' in []",
        "$exists($failure.Nope)",
        "$boolean([])",
        "$max([])",
        "$contains('abc', 'b')",
        "$match('a1', /1/)",
    ),
    *(
        "$fromMillis(1743465600000, '[Y0001]-[M01]-[D01]')",
        "$toMillis('2025-04-01T00:00:00Z')",
        "$error('x')",
    ),
    *(
        "$states.input.list[1].a",
        "$states.input.list[0]",
        "function($x) { $x }",
        "$unknown",
        "1 +",
        "'a' + 1",
    ),
]


def expressions_of_the_project() -> list[str]:
    texts = [file.read_text() for file in sorted((PROJECT / "state-machine").glob("*.yml"))]
    found = [body for text in texts for body in re.findall(r"\{%(.*?)%\}", text, re.DOTALL)]
    return list(dict.fromkeys(re.sub(r"\s+", " ", body.strip()).replace("''", "'") for body in found))


def bindings(result: Any) -> dict[str, Any]:
    context = {"Execution": {"Id": "arn", "Input": {}, "StartTime": "t"}}
    states = {
        "input": INPUT,
        "context": context,
        "result": result,
        "errorOutput": {"Error": "E", "Cause": "C"},
    }
    return {**VARIABLES, "states": states}


@pytest.mark.parametrize("expressions", [LANGUAGE, expressions_of_the_project()], ids=["language", "project"])
def test_an_expression_has_the_value_that_the_reference_gives(
    expressions: list[str], toolchain: Path
) -> None:
    cases = [(text, bindings(result)) for text in expressions for result in RESULTS]
    node = json.loads(toolchain.read_text())["node"]
    command = [node, "-e", REFERENCE, str(PROJECT / "node_modules" / "jsonata")]
    answer = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    expected = json.loads(answer.stdout)
    found = [value_here(text, given) for text, given in cases]
    differences = [
        f"{text}: {here} instead of {there}"
        for (text, _), here, there in zip(cases, found, expected, strict=True)
        if here != there
    ]
    assert len(cases) > 100
    assert differences == []


def value_here(expression: str, given: dict[str, Any]) -> str | None:
    states = given["states"]
    outcome = {"result": states["result"], "errorOutput": states["errorOutput"]}
    scope = Scope(states["input"], states["context"], VARIABLES, outcome)
    try:
        value = evaluate(f"{{% {expression} %}}", scope)
    except StateFailure:
        return None
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
