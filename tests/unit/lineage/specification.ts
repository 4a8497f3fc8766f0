import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Facets, LineageEvent } from '../../../src/lineage/openLineage';

const folder = path.join(__dirname, 'spec');
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')))
  ajv.addSchema(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object);

/** Everything in which an event is not as the specification says: itself, and each facet by the schema that it names. */
export function violationsOf(event: LineageEvent): string[] {
  const facets: Facets[] = [
    event.run.facets,
    ...[...event.inputs, ...event.outputs].flatMap((dataset) => [
      dataset.facets,
      dataset.inputFacets ?? {},
      dataset.outputFacets ?? {},
    ]),
  ];
  return [
    ...problems(event.schemaURL, event),
    ...facets.flatMap((group) =>
      Object.entries(group).flatMap(([name, facet]) => {
        const url = String(facet['_schemaURL']);
        const [schema = ''] = url.split('#');
        // the schema's root says under which name the facet stands
        return [...problems(url, facet), ...problems(schema, { [name]: facet }, [name])];
      }),
    ),
  ];
}

function problems(url: string, value: unknown, known?: string[]): string[] {
  const validate = ajv.getSchema(url);
  if (validate === undefined) return [`${url} is no schema of the specification`];
  const { properties } = validate.schema as { properties?: Record<string, unknown> };
  const misnamed = (known ?? []).filter((name) => !Object.hasOwn(properties ?? {}, name));
  if (misnamed.length > 0) return [`${url} describes no facet ${misnamed.join()}`];
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map((error) => `${url} ${ajv.errorsText([error])}`);
}
