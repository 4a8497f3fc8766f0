/** Generated from schemas/ by `npm run generate`. */

/**
 * What a batch is: every attempt at it is a function of this document alone.
 */
export interface Manifest {
  schema: 1;
  kind: 'load' | 'rollback' | 'maintenance' | 'erasure';
  epoch: string;
  number: number;
  /**
   * The only clock of the batch.
   */
  plannedAt: string;
  landingBucket: string;
  warehouseBucket: string;
  prefix: string;
  release: {
    scriptLocation: string;
    extraPyFiles: string;
    contractHash: string;
  };
  /**
   * By dataset: what its contract says of files and tables at this stage. An attempt after a deploy still goes by it.
   */
  contracts: {
    [k: string]: Terms;
  };
  /**
   * Delta version of every table before the batch; null: not created yet.
   */
  tables: {
    [k: string]: number | null;
  };
  /**
   * By dataset: the file that first wrote rows, and the sequence of the newest file that repeated them alike. Of a rollback: those to return to.
   */
  confirmations: {
    [k: string]: {
      [k: string]: string;
    };
  };
  orphanMaxAgeDays: number;
  /**
   * So long a version of a table can be returned to after it was replaced; absent in manifests that are older than maintenance.
   */
  undoDays?: number;
  chunks: number;
  files: {
    fileId: string;
    /**
     * null: the key lies in no dataset's folder.
     */
    dataset: string | null;
    key: string;
    versionId: string;
    size: number;
    etag: string;
    lastModified: string;
    /**
     * Orders files: the greater one wins.
     */
    sequence: string;
    chunk: number;
    processingKey: string;
    /**
     * Key of the copy in archived/ or rejected/ that a replay reads and moves; null: the version under raw/.
     */
    location: string | null;
    /**
     * The last batch that took the file before, whose jobs may have written rows of it.
     */
    earlierBatch: number | null;
    /**
     * What is on record of a file that was loaded before; null: it never was.
     */
    loaded: Loaded | null;
  }[];
  rollback?: Rollback;
  maintenance?: Maintenance;
  erased?: Erased;
  erasure?: Erasure;
}
export interface Terms {
  evolution: 'strict' | 'additive';
  maxRejectRate: number | null;
  /**
   * Names that a header may have.
   */
  columns: string[];
  /**
   * Names that a header must have.
   */
  required: string[];
}
/**
 * `rows` is absent in manifests that are older than rollbacks.
 */
export interface Loaded {
  /**
   * plannedAt of the batch that first loaded it.
   */
  firstAt: string;
  /**
   * Rows of the file in the rejects.
   */
  rejected: number;
  /**
   * Rows of the file that wait for a parent.
   */
  orphaned: number;
  rows?: Rows;
}
/**
 * Rows of a file by what became of them; read is the sum of the others.
 */
export interface Rows {
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  superseded: number;
  duplicate: number;
  rejected: number;
  orphaned: number;
  /**
   * Rows about a person who was erased; absent: none.
   */
  erased?: number;
}
/**
 * What a rollback does, there when the manifest is one's. A resume goes by it, whatever the ledger says meanwhile.
 */
export interface Rollback {
  /**
   * The batch before which the tables return.
   */
  batch: number;
  /**
   * Its files are what is taken back. Absent: the files of the batch.
   */
  dataset?: string;
  /**
   * Tables that have changed since, with the versions to return to.
   */
  restore: {
    [k: string]: number;
  };
  /**
   * The batch and the later ones, of which nothing stays in the tables.
   */
  undone: number[];
  /**
   * Files that load again: those that later batches loaded; of a dataset's rollback those of the other datasets.
   */
  queued: string[];
  /**
   * Files that load again by a replay only: those that the batch was the first and last to load; of a dataset's rollback those that were first loaded since.
   */
  withdrawn: string[];
  /**
   * What was on record of each file before the batch.
   */
  records: FileRecord[];
  /**
   * null. Of earlier releases: what the validation found in the tables before the batch.
   */
  violations:
    | {
        name: string;
        violations: number;
      }[]
    | null;
}
export interface FileRecord {
  fileId: string;
  /**
   * null: it was not loaded.
   */
  firstLoadedAt: string | null;
  /**
   * null: none, or not known.
   */
  rows: Rows | null;
}
/**
 * What maintenance does, there when the manifest is one's. A resume goes by it, whatever the tables are meanwhile.
 */
export interface Maintenance {
  /**
   * From here on no partition and no VACUUM is begun.
   */
  deadline: string;
  /**
   * Size of the files that compaction writes.
   */
  targetFileBytes: number;
  /**
   * A file below it is small. Absent in manifests of earlier releases.
   */
  smallBytes?: number;
  tables: TableToMaintain[];
}
export interface TableToMaintain {
  name: string;
  /**
   * Data files of the table before.
   */
  files: number;
  /**
   * Their size: what a query reads that reads all of it.
   */
  bytes: number;
  /**
   * Partitions to compact, those with most small files first; one without values is a whole table.
   */
  partitions: PartitionToCompact[];
  /**
   * Files that no version of the last undoDays has, for VACUUM to remove; 0: not enough to be worth it.
   */
  expired: number;
}
export interface PartitionToCompact {
  /**
   * By partition column, as the Delta log writes it.
   */
  values: {
    [k: string]: string | null;
  };
  /**
   * Small files in it.
   */
  files: number;
  /**
   * Bytes of all its files.
   */
  bytes: number;
  /**
   * Its rows are put in the order of the key: they will not fit into one file.
   */
  zOrder: boolean;
}
/**
 * Of a load: people who were erased, whose rows are left out; absent: nobody was.
 */
export interface Erased {
  /**
   * Where the key of the digests lies.
   */
  key: string;
  digests: string[];
}
/**
 * Of an erasure: the person, and what the jobs do.
 */
export interface Erasure {
  /**
   * HMAC-SHA256 of a person's id under the key of the stage, in hex.
   */
  digest: string;
  /**
   * Where the key of the digests lies.
   */
  key: string;
  /**
   * Datasets with rows about people, or that refer to such rows, children before parents.
   */
  datasets: DatasetToErase[];
}
export interface DatasetToErase {
  /**
   * Name of a contract in schemas/datasets.
   */
  dataset: string;
  /**
   * Folders of the landing bucket whose files the job searches.
   */
  folders: string[];
  /**
   * Datasets whose jobs come before, since they look for keys in this one's table.
   */
  children: string[];
}
