import {
  GetTableCommand,
  type GlueClient,
  type Table,
  type TableInput,
  UpdateTableCommand,
  EntityNotFoundException,
} from '@aws-sdk/client-glue';

export type { Table, TableInput };

/** Tables of one database of the Glue Data Catalog. */
export interface Catalog {
  readonly database: string;
  /** undefined when there is no such table. */
  table(name: string): Promise<Table | undefined>;
  update(table: TableInput): Promise<void>;
}

export function glueCatalog(client: GlueClient, database: string): Catalog {
  return {
    database,
    async table(name) {
      try {
        const { Table } = await client.send(new GetTableCommand({ DatabaseName: database, Name: name }));
        return Table;
      } catch (error) {
        if (error instanceof EntityNotFoundException) return undefined;
        throw error;
      }
    },
    async update(table) {
      // old versions of a table would count against a quota, and the Delta log keeps the history
      await client.send(
        new UpdateTableCommand({ DatabaseName: database, TableInput: table, SkipArchive: true }),
      );
    },
  };
}

/** The fields of a table that UpdateTable takes; it refuses the others that GetTable gives, and drops what is left out. */
export function inputOf(table: Table): TableInput {
  const { Name, Description, Owner, LastAccessTime, LastAnalyzedTime, Retention, StorageDescriptor } = table;
  const { PartitionKeys, ViewOriginalText, ViewExpandedText, TableType, Parameters, TargetTable } = table;
  return {
    Name,
    ...(Description === undefined ? {} : { Description }),
    ...(Owner === undefined ? {} : { Owner }),
    ...(LastAccessTime === undefined ? {} : { LastAccessTime }),
    ...(LastAnalyzedTime === undefined ? {} : { LastAnalyzedTime }),
    ...(Retention === undefined ? {} : { Retention }),
    ...(StorageDescriptor === undefined ? {} : { StorageDescriptor }),
    ...(PartitionKeys === undefined ? {} : { PartitionKeys }),
    ...(ViewOriginalText === undefined ? {} : { ViewOriginalText }),
    ...(ViewExpandedText === undefined ? {} : { ViewExpandedText }),
    ...(TableType === undefined ? {} : { TableType }),
    ...(Parameters === undefined ? {} : { Parameters }),
    ...(TargetTable === undefined ? {} : { TargetTable }),
  };
}
