import { isRecord } from './types/fromSchema';

/** A compiled CloudFormation template, as far as a definition refers to it. */
export interface Template {
  /** Type of a resource or `Parameter`, by its logical id. */
  readonly typeOf: (logicalId: string) => string | undefined;
  /** The values of a property that are plain text, over all resources of a type. */
  readonly names: (type: string, property: string) => readonly string[];
}

export function readTemplate(template: unknown): Template {
  const resources = isRecord(template) && isRecord(template['Resources']) ? template['Resources'] : {};
  const parameters = isRecord(template) && isRecord(template['Parameters']) ? template['Parameters'] : {};
  const typeOf = (id: string): string | undefined => {
    const resource = resources[id];
    if (isRecord(resource) && typeof resource['Type'] === 'string') return resource['Type'];
    return id in parameters || id.startsWith('AWS::') ? 'Parameter' : undefined;
  };
  const names = (type: string, property: string): string[] =>
    Object.values(resources).flatMap((resource) => {
      if (!isRecord(resource) || resource['Type'] !== type || !isRecord(resource['Properties'])) return [];
      const name = resource['Properties'][property];
      return typeof name === 'string' ? [name] : [];
    });
  return { typeOf, names };
}
