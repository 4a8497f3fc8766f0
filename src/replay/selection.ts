import type { FileItem } from '../ledger/items';

/** Which files to load again. */
export type Selection =
  | {
      readonly by: 'file';
      /** Object key as it arrived. */
      readonly key: string;
      /** One version of it; absent: all. */
      readonly fileId?: string;
    }
  /** Files that this batch took last. */
  | { readonly by: 'batch'; readonly number: number }
  /** Files that did not load: FAILED and WITHDRAWN. */
  | { readonly by: 'failure' }
  /** Files that arrived in [from, to); an end that is absent is open. */
  | { readonly by: 'arrival'; readonly from?: Date; readonly to?: Date };

const FILE_ID = /^(?<key>.*)@(?<fileId>[0-9a-f]{32})$/su;

/** The versions that `KEY` or `KEY@fileId` names; `raw/` may be left out. */
export function selectionOfFile(name: string): Selection {
  const { key = name, fileId } = FILE_ID.exec(name)?.groups ?? {};
  const full = key.startsWith('raw/') ? key : `raw/${key}`;
  return { by: 'file', key: full, ...(fileId === undefined ? {} : { fileId }) };
}

/** Whether a selection means the file. */
export function selects(selection: Selection, file: FileItem): boolean {
  switch (selection.by) {
    case 'file':
      return (
        file.key === selection.key && (selection.fileId === undefined || file.fileId === selection.fileId)
      );
    case 'batch':
      return file.batch === selection.number;
    case 'failure':
      return file.state === 'FAILED' || file.state === 'WITHDRAWN';
    case 'arrival':
      return within(Date.parse(file.lastModified), selection);
  }
}

function within(moment: number, { from, to }: { readonly from?: Date; readonly to?: Date }): boolean {
  return (from === undefined || moment >= from.getTime()) && (to === undefined || moment < to.getTime());
}
