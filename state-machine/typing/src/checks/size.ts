import { field, type State } from '../definition/machine';
import type { Report } from '../findings';
import { constantOfShape, type Shape, type Type } from '../types/type';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: an execution with more is ended, uncaught. */
export const MAX_BYTES = 262_144;

/**
 * Tells when the bounds that a schema states (`maxLength`, `maxItems`) allow more than Step Functions carries. A schema
 * without bounds allows any size, which says nothing.
 */
export function checkSize(state: State, result: Type, report: Report): void {
  const bytes = statedSize(result);
  if (bytes <= MAX_BYTES) return;
  const entry = state.node.entries.find(({ key }) => key === 'Resource');
  report({
    check: 'size',
    offset: entry?.offset ?? state.offset,
    state: state.name,
    message: `the result's schema allows ${bytes} bytes, and an execution ends at ${MAX_BYTES}${field(state, 'Output') === undefined ? '' : ', also before Output picks from it'}`,
    mend: 'tighten maxLength and maxItems, or hand it over by an object in S3',
  });
}

/** `maxLength` counts characters, and UTF-8 takes up to four bytes for one. */
const BYTES_OF_CHARACTER = 4;

/** Bytes of the largest value as far as bounds are stated; unbounded parts count as empty. */
function statedSize(type: Type): number {
  return Math.max(0, ...type.shapes.map(sizeOfShape));
}

function sizeOfShape(shape: Shape): number {
  const constant = constantOfShape(shape);
  if (constant !== undefined) return Buffer.byteLength(JSON.stringify(constant));
  switch (shape.kind) {
    case 'string':
      return 2 + BYTES_OF_CHARACTER * (shape.maxLength ?? 0);
    case 'array': {
      const rest = Number.isFinite(shape.max)
        ? (shape.max - shape.prefix.length) * (statedSize(shape.rest) + 1)
        : 0;
      return 2 + rest + shape.prefix.reduce((total, item) => total + statedSize(item) + 1, 0);
    }
    case 'object':
      return [...shape.properties].reduce(
        (total, [name, type]) => total + Buffer.byteLength(name) + 4 + statedSize(type),
        2,
      );
    default:
      return 1;
  }
}
