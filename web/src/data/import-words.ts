import type { ImportDetail } from '../../../shared/contracts/api/import.ts';
import type { ImportReport } from '../../../shared/contracts/api/planning.ts';

/** Badge colours of states: three mean something, the rest is quiet. */
export const STATUS_COLOUR: Readonly<Record<string, string>> = {
  done: 'teal',
  failed: 'red',
  stalled: 'red',
  running: 'cyan',
  undoing: 'cyan',
};

/** What each state means, for people; a failure has a reason of its own. */
export const STATUS_MEANING: Readonly<Record<string, string>> = {
  queued: 'The file waits for its turn.',
  running: 'The file is being read.',
  done: 'The lines are in the books.',
  duplicate: 'The same content was imported before. Nothing was written.',
  checked: 'A trial: this is what an import would do. Nothing was written.',
  undoing: 'The import is being taken back.',
  undone: 'The import was taken back. The same file may be imported again.',
  stalled: 'Nothing has moved for hours: see the dead-letter queue of the imports.',
};

/** The file's name without its folder in the bucket. */
export const fileName = (objectKey: string): string => objectKey.slice(objectKey.lastIndexOf('/') + 1);

export const isMoving = ({ status }: Pick<ImportReport, 'status'>): boolean =>
  status === 'queued' || status === 'running' || status === 'undoing';

/** `invalid_date` -> `invalid date` */
export const inWords = (name: string): string => name.replaceAll('_', ' ');

/** The reason of a failure; what programs would do about it is left out, for the page has buttons for it. */
export function reasonOf(detail: string): string {
  return detail
    .replace(/ ?Retry the import with .*$/s, '')
    .replace(/ ?For any other file POST .*$/s, '')
    .replace(/ ?Accepted: [^.]*\./s, '');
}

/** Whether the file failed because nobody knows its columns, so that a mapping helps. */
export const isUnknown = ({ status, headers, format }: ImportDetail): boolean =>
  status === 'failed' && headers !== null && headers.length > 1 && format === null;
