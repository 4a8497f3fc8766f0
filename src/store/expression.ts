import type { Condition, Item, Write } from './store';

/** The parts of a DynamoDB request that depend on what is written; names and values are always placeholders. */
export interface Expressions {
  UpdateExpression?: string;
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** Compiles the conditions and, for an update, the changes of a write. */
export function expressions(write: Write): Expressions {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (attribute: string): string => {
    const placeholder = `#${attribute}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const value = (of: unknown): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = of;
    return placeholder;
  };
  const condition = (when: Condition): string => {
    switch (when.is) {
      case 'absent':
        return `attribute_not_exists(${name(when.attribute)})`;
      case 'equal':
        return `${name(when.attribute)} = ${value(when.to)}`;
      case 'equalToAttribute':
        return `${name(when.attribute)} = ${name(when.other)}`;
    }
  };
  const update = write.kind === 'update' ? updateExpression(write, name, value) : '';
  const conditions = (write.when ?? []).map(condition).join(' AND ');
  return {
    ...(update === '' ? {} : { UpdateExpression: update }),
    ...(conditions === '' ? {} : { ConditionExpression: conditions }),
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

function updateExpression(
  {
    set = {},
    add = {},
    remove = [],
  }: { set?: Item; add?: Readonly<Record<string, number>>; remove?: readonly string[] },
  name: (attribute: string) => string,
  value: (of: unknown) => string,
): string {
  const clauses = [
    ['SET', Object.entries(set).map(([attribute, to]) => `${name(attribute)} = ${value(to)}`)],
    ['ADD', Object.entries(add).map(([attribute, by]) => `${name(attribute)} ${value(by)}`)],
    ['REMOVE', remove.map(name)],
  ] as const;
  return clauses
    .flatMap(([verb, parts]) => (parts.length === 0 ? [] : [`${verb} ${parts.join(', ')}`]))
    .join(' ');
}
