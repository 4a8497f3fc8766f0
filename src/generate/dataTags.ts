import type { Table } from '../contract/contracts';
import { logicalId, type TemplateResource } from './catalogResources';

const CONDITION = 'TagsData';
/** Tags of Lake Formation are of the account, so the stage's has the stack's name. */
const TAG = { key: '${self:custom.stack}-classification', values: ['none', 'pii'] } as const;

/**
 * Lake Formation's tag of the stage and what carries it, as CloudFormation resources: each table is `none`, its columns that
 * identify a person are `pii`, which there wins over the table's. A grant on `none` then reads everything else.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/tag-based-access-control.html
 */
export function dataTags(tables: readonly Table[]): Record<string, TemplateResource> {
  const tag: TemplateResource = {
    Type: 'AWS::LakeFormation::Tag',
    Condition: CONDITION,
    Properties: { CatalogId: { Ref: 'AWS::AccountId' }, TagKey: TAG.key, TagValues: TAG.values },
  };
  return Object.fromEntries<TemplateResource>([
    ['ClassificationTag', tag],
    ...tables.flatMap((table): [string, TemplateResource][] => {
      const id = logicalId(table.name);
      const named = {
        ...{ CatalogId: { Ref: 'AWS::AccountId' }, DatabaseName: { Ref: 'CatalogDatabase' } },
        Name: { Ref: `${id}Table` },
      };
      const personal = table.columns
        .filter(({ classification }) => classification === 'pii')
        .map(({ name }) => name);
      const onTable = association({ Table: named }, 'none');
      if (personal.length === 0) return [[`${id}Tags`, onTable]];
      const onColumns = association({ TableWithColumns: { ...named, ColumnNames: personal } }, 'pii');
      return [
        [`${id}Tags`, onTable],
        // one writer of a table's tags at a time
        [`${id}PersonalTags`, { ...onColumns, DependsOn: `${id}Tags` }],
      ];
    }),
  ]);
}

function association(
  resource: Readonly<Record<string, unknown>>,
  value: (typeof TAG.values)[number],
): TemplateResource {
  const tag = { CatalogId: { Ref: 'AWS::AccountId' }, TagKey: TAG.key, TagValues: [value] };
  return {
    Type: 'AWS::LakeFormation::TagAssociation',
    Condition: CONDITION,
    DependsOn: 'ClassificationTag',
    Properties: { Resource: resource, LFTags: [tag] },
  };
}
