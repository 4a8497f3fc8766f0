import type { Table } from '../contract/contracts';

/** A resource of a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly DependsOn?: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/**
 * The Glue Data Catalog tables of the warehouse as CloudFormation resources, by logical id (`OrderItemsRejectsTable`).
 *
 * A native Delta table for Athena: `table_type` makes Athena read the Delta log instead of the folder, and the
 * partition column stands among the columns, because the log knows the partitions.
 * https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html
 */
export function catalogResources(tables: readonly Table[]): Record<string, TemplateResource> {
  return Object.fromEntries(tables.map((table) => [`${logicalId(table.name)}Table`, catalogTable(table)]));
}

function catalogTable(table: Table): TemplateResource {
  const location = { 'Fn::Sub': `s3://\${WarehouseBucket}/${table.name}` };
  return {
    Type: 'AWS::Glue::Table',
    Properties: {
      CatalogId: { Ref: 'AWS::AccountId' },
      DatabaseName: { Ref: 'CatalogDatabase' },
      TableInput: {
        Name: table.name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: {
          EXTERNAL: 'TRUE',
          classification: 'delta',
          table_type: 'DELTA',
          'spark.sql.sources.provider': 'delta',
          'lakehouse.dataset': table.dataset,
          ...personalColumns(table),
        },
        StorageDescriptor: {
          Location: location,
          InputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
          OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
          SerdeInfo: {
            SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
            Parameters: { path: location },
          },
          Columns: table.columns.map(({ name, sqlType, description }) => ({
            Name: name,
            Type: sqlType,
            // Glue refuses comments of more than 255 bytes
            Comment: description.slice(0, 255),
          })),
        },
      },
    },
  };
}

/** CloudFormation's column has no parameters, unlike Glue's API, so the table names its columns that identify a person. */
function personalColumns(table: Table): Record<string, string> {
  const names = table.columns
    .filter(({ classification }) => classification === 'pii')
    .map(({ name }) => name);
  return names.length === 0 ? {} : { 'lakehouse.pii': names.join(',') };
}

/** A table's name as the ids of its resources begin: OrderItemsRejects. */
export function logicalId(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
