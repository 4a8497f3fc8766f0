import { expressionOf } from '../document/expression';
import type { MapNode, Node } from '../document/node';
import type { Report } from '../findings';
import { propertyOf } from '../types/compare';
import { problemOf } from '../types/conform';
import { describe } from '../types/describe';
import { constantOfShape, isNever, type ObjectShape, of, type Type } from '../types/type';

/** What a template is checked for. */
export interface Demand {
  readonly state: string;
  /** What the value is, for the message: `Payload of AcquireLease`. */
  readonly what: string;
  readonly report: Report;
}

/** Reports where a template, or an expression in it, does not give what is expected: at the member that is wrong. */
export function demand(node: Node, actual: Type, expected: Type, target: Demand): void {
  const [shape, ...others] = actual.shapes;
  if (node.kind === 'map' && shape?.kind === 'object' && others.length === 0 && !expected.unknown) {
    const candidate = candidateFor(shape, expected);
    if (candidate !== undefined) {
      demandMembers(node, shape, candidate, target);
      return;
    }
  }
  const [item, ...moreItems] = expected.shapes;
  if (node.kind === 'list' && shape?.kind === 'array' && item?.kind === 'array' && moreItems.length === 0) {
    for (const [place, inner] of node.items.entries()) {
      demand(inner, shape.prefix[place] ?? shape.rest, item.prefix[place] ?? item.rest, target);
    }
    return;
  }
  const problem = problemOf(actual, expected);
  if (problem === undefined) return;
  const expression = expressionOf(node);
  target.report({
    check: 'argument',
    offset: expression === undefined ? node.offset : expression.at(expression.ast?.start ?? 0),
    state: target.state,
    expression: expression?.text,
    message: `${target.what}${problem.path} ${problem.message}`,
    mend: `give ${describe(expected, 1)}`,
  });
}

/** The alternative that a template is meant for: the only object, or the only one whose constants it does not contradict. */
function candidateFor(shape: ObjectShape, expected: Type): ObjectShape | undefined {
  if (problemOf(of(shape), expected) === undefined) return undefined;
  const objects = expected.shapes.flatMap((wider) => (wider.kind === 'object' ? [wider] : []));
  const [only, ...others] = objects.length === 1 ? objects : objects.filter((wider) => agrees(shape, wider));
  return others.length === 0 ? only : undefined;
}

function agrees(shape: ObjectShape, wider: ObjectShape): boolean {
  return [...wider.properties].every(([name, type]) => {
    const own = shape.properties.get(name);
    const constants = !type.unknown && type.shapes.every((value) => constantOfShape(value) !== undefined);
    return !constants || own === undefined || problemOf(own, { ...type, missing: true }) === undefined;
  });
}

function demandMembers(node: MapNode, shape: ObjectShape, wider: ObjectShape, target: Demand): void {
  for (const { key, offset, value } of node.entries) {
    const expected = propertyOf(wider, key);
    if (!wider.properties.has(key) && isNever(wider.rest)) {
      const known = [...wider.properties.keys()].join(', ');
      const message = `${target.what} has no member ${key}`;
      target.report({ check: 'argument', offset, state: target.state, message, mend: `use one of ${known}` });
      continue;
    }
    demand(value, propertyOf(shape, key), expected.unknown ? expected : { ...expected, missing: false }, {
      ...target,
      what: `${target.what}.${key}`,
    });
  }
  for (const [name, expected] of wider.properties) {
    if (expected.missing || node.entries.some(({ key }) => key === name)) continue;
    const message = `${target.what} lacks ${name}`;
    const mend = `add ${name}: ${describe(expected, 1)}`;
    target.report({ check: 'argument', offset: node.offset, state: target.state, message, mend });
  }
}
