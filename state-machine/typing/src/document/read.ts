import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Entry, Node, ScalarNode } from './node';
import { alignment } from './alignment';

/** A file and what stands in it. */
export interface Source {
  readonly file: string;
  readonly root: Node;
  /** Line and column, from 1, of an offset. */
  readonly position: (offset: number) => { line: number; column: number };
}

/** The text is no YAML or JSON, or no object; `line` and `column` say where. */
export class NotReadable extends Error {
  override readonly name = 'NotReadable';
  constructor(
    message: string,
    readonly file: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

/**
 * Reads a definition in YAML (anchors, merge keys, CloudFormation's short tags) or JSON.
 *
 * @throws NotReadable when the text has no such syntax, or is no object.
 */
export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, column } = position(error.pos[0]);
    throw new NotReadable(error.message, file, line, column);
  }
  const anchored = new Map<string, Node>();
  const root = document.contents;
  if (root === null) throw new NotReadable('the file is empty', file, 1, 1);
  if (!isMap(root)) {
    const { line, column } = position(root.range[0]);
    throw new NotReadable(
      'the file holds no machine, which is an object with StartAt and States',
      file,
      line,
      column,
    );
  }
  return { file, root: read(root), position };

  function read(node: ParsedNode): Node {
    const offset = node.range[0];
    if (isAlias(node)) return anchored.get(node.source) ?? nothing(offset);
    const tag = node.tag?.startsWith('!') === true ? node.tag.slice(1) : undefined;
    const content = readContent(node, offset);
    const result: Node =
      tag === undefined || tag === ''
        ? content
        : { kind: 'intrinsic', offset, name: tag === 'Ref' ? tag : `Fn::${tag}`, argument: content };
    if (node.anchor !== undefined) anchored.set(node.anchor, result);
    return result;
  }

  function readContent(node: ParsedNode, offset: number): Node {
    if (isMap(node)) {
      const entries = node.items.flatMap((pair) => readPair(pair));
      const [only] = entries;
      if (entries.length === 1 && only !== undefined && /^(Ref|Fn::\w+)$/.test(only.key)) {
        return { kind: 'intrinsic', offset, name: only.key, argument: only.value };
      }
      return { kind: 'map', offset, entries };
    }
    if (isSeq(node)) return { kind: 'list', offset, items: node.items.filter(isParsed).map(read) };
    return isScalar(node) ? readScalar(node, offset) : nothing(offset);
  }

  function readPair(pair: unknown): Entry[] {
    if (!isPair(pair) || !isScalar(pair.key)) return [];
    const key = String(pair.key.value);
    const offset = pair.key.range?.[0] ?? 0;
    const value = isParsed(pair.value) ? read(pair.value) : nothing(offset);
    if (key === '<<' && value.kind === 'map') return [...value.entries];
    return [{ key, offset, value }];
  }

  function readScalar(node: { value: unknown; type?: unknown; range?: unknown }, offset: number): ScalarNode {
    const { value } = node;
    if (typeof value === 'string') {
      const end =
        Array.isArray(node.range) && typeof node.range[1] === 'number' ? node.range[1] : text.length;
      const map = alignment(value, text.slice(offset, end), String(node.type));
      return { kind: 'scalar', offset, value, at: (index) => offset + (map()[index] ?? end - offset) };
    }
    const plain = typeof value === 'number' || typeof value === 'boolean' ? value : null;
    return { kind: 'scalar', offset, value: plain, at: () => offset };
  }
}

const nothing = (offset: number): ScalarNode => ({ kind: 'scalar', offset, value: null, at: () => offset });

function isParsed(value: unknown): value is ParsedNode {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value);
}
