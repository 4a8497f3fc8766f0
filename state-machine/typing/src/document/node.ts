/** A definition as a tree in which everything knows where in the file it stands (offsets in UTF-16 units). */
export type Node = MapNode | ListNode | ScalarNode | IntrinsicNode;

export interface MapNode {
  readonly kind: 'map';
  readonly offset: number;
  readonly entries: readonly Entry[];
}
export interface Entry {
  readonly key: string;
  readonly offset: number;
  readonly value: Node;
}
export interface ListNode {
  readonly kind: 'list';
  readonly offset: number;
  readonly items: readonly Node[];
}
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly offset: number;
  readonly value: string | number | boolean | null;
  /** Where in the file the character of the value at this index stands. */
  readonly at: (index: number) => number;
}
/** A CloudFormation function: `{ Ref: X }`, `{ Fn::GetAtt: [X, Arn] }`, `!Sub ...`; its value is known when the stack is. */
export interface IntrinsicNode {
  readonly kind: 'intrinsic';
  readonly offset: number;
  readonly name: string;
  readonly argument: Node;
}

export const entryOf = (node: Node | undefined, key: string): Entry | undefined =>
  node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
export const memberOf = (node: Node | undefined, key: string): Node | undefined => entryOf(node, key)?.value;
export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.kind === 'list' ? node.items : []);
export const textOf = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
export const numberOf = (node: Node | undefined): number | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;

/** Text that something outside fills in before the definition is deployed: `${param:x}`, `${LogicalId}`. */
export const hasPlaceholder = (text: string): boolean => /\$\{[^}]*\}/.test(text);
export const isPlaceholder = (text: string): boolean => /^\$\{[^}]*\}$/.test(text);

/** Logical id of the resource that a `Ref` or `Fn::GetAtt` names. */
export function resourceOf(node: Node | undefined): string | undefined {
  if (node?.kind !== 'intrinsic') return undefined;
  if (node.name === 'Ref') return textOf(node.argument);
  if (node.name !== 'Fn::GetAtt') return undefined;
  return textOf(itemsOf(node.argument)[0]) ?? textOf(node.argument)?.split('.')[0];
}
