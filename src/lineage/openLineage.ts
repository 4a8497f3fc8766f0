import { createHash } from 'node:crypto';

/**
 * The part of OpenLineage 2-0-2 that the service writes. https://openlineage.io/docs/spec/object-model
 */
export interface LineageEvent {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL';
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string };
  readonly inputs: readonly LineageDataset[];
  readonly outputs: readonly LineageDataset[];
}

export interface LineageDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Facets;
  readonly inputFacets?: Facets;
  readonly outputFacets?: Facets;
}

export type Facets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const SPEC = 'https://openlineage.io/spec';

export const EVENT_SCHEMA = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

/** Facets that the service writes, by their name in an event: version of the specification, and its definition. */
const FACETS = {
  schema: ['1-2-0', 'SchemaDatasetFacet'],
  version: ['1-0-1', 'DatasetVersionDatasetFacet'],
  storage: ['1-0-1', 'StorageDatasetFacet'],
  dataQualityAssertions: ['1-1-0', 'DataQualityAssertionsDatasetFacet'],
  outputStatistics: ['1-0-2', 'OutputStatisticsOutputDatasetFacet'],
  parent: ['1-2-0', 'ParentRunFacet'],
  errorMessage: ['1-0-1', 'ErrorMessageRunFacet'],
} as const;

/** Makes facets for one producer, each with the address of the schema that describes it. */
export function facetsBy(
  producer: string,
): (name: keyof typeof FACETS, body: Readonly<Record<string, unknown>>) => Facets {
  return (name, body) => {
    const [version, definition] = FACETS[name];
    const _schemaURL = `${SPEC}/facets/${version}/${definition}.json#/$defs/${definition}`;
    return { [name]: { _producer: producer, _schemaURL, ...body } };
  };
}

/** A UUID that is always the same for the same text (version 8, RFC 9562): a repetition tells of the same run. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
