import { expect, test } from '@jest/globals';
import { columnsOf, datasetNames, tables } from '../../../src/contract/contracts';
import { catalogResources } from '../../../src/generate/catalogResources';
import { dataTags } from '../../../src/generate/dataTags';

interface Association {
  Resource: {
    Table?: { Name: { Ref: string } };
    TableWithColumns?: { Name: { Ref: string }; ColumnNames: string[] };
  };
  LFTags: { TagKey: string; TagValues: string[] }[];
}

const resources = dataTags(tables);
const associations = Object.values(resources)
  .filter(({ Type }) => Type === 'AWS::LakeFormation::TagAssociation')
  .map(({ Properties }) => Properties as unknown as Association);

test('every table of the catalog has the tag, and none that is not there', () => {
  const tagged = associations.flatMap(({ Resource }) => Resource.Table?.Name.Ref ?? []);
  expect(tagged.sort()).toEqual(Object.keys(catalogResources(tables)).sort());
});

test('exactly the columns that a contract calls personal are pii, wherever they are stored', () => {
  const personal = associations.flatMap(({ Resource: { TableWithColumns: found }, LFTags }) =>
    (found?.ColumnNames ?? []).map((name) => `${found?.Name.Ref} ${name} ${LFTags[0]?.TagValues.join()}`),
  );
  expect(personal.sort()).toEqual([
    ...[
      'OrderItemsOrphansTable _raw pii',
      'OrderItemsOrphansTable user_id pii',
      'OrderItemsRejectsTable raw pii',
    ],
    ...['OrderItemsTable user_id pii', 'OrdersRejectsTable raw pii', 'OrdersTable user_id pii'],
    'ProductsRejectsTable raw pii',
  ]);
  const contracts = datasetNames
    .flatMap((dataset) => columnsOf(dataset))
    .filter((column) => column.classification);
  expect(contracts.length).toBeGreaterThan(0);
});

test('nothing of it is made where the stage does not ask for it, and the tag is there first', () => {
  for (const [id, { Condition, DependsOn }] of Object.entries(resources)) {
    expect(Condition).toBe('TagsData');
    if (id !== 'ClassificationTag') expect(resources[DependsOn ?? '']).toBeDefined();
  }
});
