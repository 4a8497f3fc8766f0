import { describeShape } from '../types/describe';
import { isNever, NEVER, type Shape, type Type, UNKNOWN } from '../types/type';
import type { Ast } from './ast';
import { type BuiltIn, functionNamed, type Parameter } from './functions/table';
import { infer } from './infer';
import type { Scope } from './scope';
import { spread } from './sequence';

export function inferCall(ast: Ast & { type: 'call' }, scope: Scope): Type {
  // asking whether it exists is how to deal with what may not
  const asks = ast.procedure.type === 'variable' && ast.procedure.name === 'exists';
  const args = ast.args.map((arg) => infer(arg, asks ? { ...scope, guarded: true } : scope));
  const type = apply(ast.procedure, ast.args, args, scope);
  return ast.tail === true && givesSequence(ast.procedure) ? UNKNOWN : type;
}

/** Functions whose sequence a tail call does not turn into a single value or nothing. */
const SEQUENCES = new Set([
  'match',
  'map',
  'filter',
  'keys',
  'spread',
  'each',
  'distinct',
  'lookup',
  'append',
]);

const givesSequence = (procedure: Ast): boolean =>
  procedure.type !== 'variable' || SEQUENCES.has(procedure.name);

/** `left ~> right(...)`: the left value is the first argument. */
export function inferApply(left: Ast, right: Ast, scope: Scope): Type {
  const first = infer(left, scope);
  if (right.type === 'call' && right.filters.length === 0) {
    const others = right.args.map((arg) => infer(arg, scope));
    return apply(right.procedure, [left, ...right.args], [first, ...others], scope);
  }
  if (first.shapes.some(({ kind }) => kind === 'function')) {
    infer(right, scope);
    return UNKNOWN;
  }
  return apply(right, [left], [first], scope);
}

function apply(procedure: Ast, asts: readonly Ast[], args: readonly Type[], scope: Scope): Type {
  if (args.some(isNever)) return NEVER;
  if (procedure.type === 'variable' && procedure.filters.length === 0) {
    const { name } = procedure;
    const builtIn = functionNamed(name);
    if (builtIn !== undefined && !scope.variables.has(name) && !scope.bound.has(name)) {
      return applyBuiltIn(builtIn, procedure, asts, args, scope);
    }
    if (!scope.variables.has(name) && !scope.bound.has(name)) {
      remarkUnknown(procedure, `there is no function $${name}`, scope);
      return UNKNOWN;
    }
  }
  if (procedure.type === 'path' && procedure.steps.length === 1 && procedure.steps[0]?.type === 'name') {
    const { name } = procedure.steps[0];
    remarkUnknown(procedure, `${name} is a property and no function`, scope, `write $${name}`);
    return UNKNOWN;
  }
  const [shape, ...others] = infer(procedure, scope).shapes;
  return shape?.kind === 'function' && others.length === 0 ? shape.call(args) : UNKNOWN;
}

function remarkUnknown(procedure: Ast, message: string, scope: Scope, mend = 'correct the name'): void {
  scope.remark({ check: 'call', at: procedure.start, message, mend });
}

function applyBuiltIn(
  builtIn: BuiltIn,
  procedure: Ast,
  asts: readonly Ast[],
  args: readonly Type[],
  scope: Scope,
): Type {
  const name = procedure.type === 'variable' ? procedure.name : '';
  if (builtIn.unsupported !== undefined) {
    remarkUnknown(procedure, `$${name}: ${builtIn.unsupported}`, scope, 'write the expression itself');
    return UNKNOWN;
  }
  const { parameters } = builtIn;
  const wanted = parameters.filter(({ optional }) => !optional).length;
  const fromContext = parameters[0]?.contextual === true && args.length < wanted;
  const types = fromContext ? [scope.context, ...args] : [...args];
  if (!builtIn.variadic && types.length > parameters.length) {
    remarkUnknown(
      procedure,
      `$${name} takes ${parameters.length} arguments at most, not ${types.length}`,
      scope,
      'leave some out',
    );
    return UNKNOWN;
  }
  for (const [place, type] of types.entries()) {
    const parameter = parameters[place] ?? parameters.at(-1);
    const wrong = parameter === undefined ? undefined : wrongShape(type, parameter);
    if (wrong === undefined) continue;
    const ast = asts[fromContext ? place - 1 : place] ?? procedure;
    scope.remark({
      check: 'call',
      at: ast.start,
      message: `argument ${place + 1} of $${name} may be ${describeShape(wrong, 1)}, and the function takes ${parameter?.accepts.join(' or ') ?? ''}`,
      mend: 'convert it, or ask for its $type first',
    });
    return UNKNOWN;
  }
  return builtIn.result(types, asts, fromContext);
}

/** A shape for which the call fails. Nothing is taken by every parameter. */
function wrongShape(type: Type, parameter: Parameter): Shape | undefined {
  if (parameter.accepts.length === 0) return undefined;
  return type.shapes.find((shape) => {
    if (shape.kind === 'array' && parameter.list) {
      const { item } = spread({ shapes: [shape], missing: false, unknown: false });
      return item.shapes.some(({ kind }) => !parameter.accepts.includes(kind));
    }
    return !parameter.accepts.includes(shape.kind);
  });
}
