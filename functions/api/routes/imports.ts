import * as z from 'zod';
import {
  ImportDetail,
  Mapping,
  NewMapping,
  RetryImport,
  UploadAnswer,
  UploadForm,
} from '../../../shared/contracts/api/import.ts';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { ImportReport } from '../../../shared/contracts/api/planning.ts';
import { mappingFaults } from '../../../shared/contracts/csv/column-mapping.ts';
import { Fault } from '../../../shared/contracts/fault.ts';
import type { ImportRetryRequested, ImportUndoRequested } from '../../../shared/contracts/messages.ts';
import { importIdOf } from '../../../shared/data/imports/import-id.ts';
import {
  listMappings,
  MAPPINGS_PER_PAGE,
  MAX_MAPPING_CHARS,
  mappingChars,
  removeMapping,
  saveMapping,
} from '../../../shared/data/imports/import-mapping-store.ts';
import { findImport, findImportDetail, listImports } from '../../../shared/data/imports/import-reads.ts';
import {
  findJob,
  IMPORT_STATUSES,
  queueImport,
  unknownHeaders,
} from '../../../shared/data/imports/import-store.ts';
import { countsAfter } from '../../../shared/data/imports/import-undo-store.ts';
import { found } from '../http/found.ts';
import { KEEPERS, READERS } from '../http/roles.ts';
import { route } from '../http/route.ts';
import { lookAtUpload } from '../imports/look-at-upload.ts';
import { uploadedFile } from '../imports/uploaded-file.ts';
import { MAX_UPLOAD_BYTES } from '../imports/uploads.ts';

const params = z.object({ id: z.string() });

export const importRoutes = [
  route({
    method: 'GET',
    path: '/imports',
    summary: 'What was imported, newest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      status: z.enum(IMPORT_STATUSES).optional(),
    }),
    answer: pageOf(ImportReport),
    run: (_, { db, query }) => listImports(db, query.status, query),
  }),
  route({
    method: 'POST',
    path: '/imports',
    summary: 'A form by which one CSV file is uploaded; its import begins when it is there',
    roles: KEEPERS,
    body: z.object({
      filename: z
        .string()
        .regex(/^[\w][\w.\- ()]{0,119}$/, 'use letters, digits, spaces and . - _ ( ), at most 120 of them'),
      /** Check and report the file, and write nothing. */
      dry_run: z.boolean().default(false),
    }),
    answer: UploadForm,
    status: 201,
    effect: 'creates',
    async run({ uploads, now }, { body }) {
      const { url, fields, key, expiresAt } = await uploads.create(body.filename, now(), {
        dryRun: body.dry_run,
      });
      return {
        method: 'POST' as const,
        url,
        fields: { ...fields },
        key,
        max_bytes: MAX_UPLOAD_BYTES,
        expires_at: expiresAt,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/imports/{id}',
    summary: 'The report of one import: its counts, the quality of its rows, and how far it is while it runs',
    roles: READERS,
    params,
    answer: ImportDetail,
    run: async (_, { db, params: { id } }) => found(await findImportDetail(db, id), 'import', id),
  }),
  route({
    method: 'POST',
    path: '/imports/{id}/retry',
    summary:
      'Import a file that failed again, or one that was only checked for good; it may be said how to read it',
    roles: KEEPERS,
    params,
    body: RetryImport,
    answer: z.object({ id: z.string(), status: z.literal('running') }),
    status: 202,
    async run({ ingestQueue, uploads }, { db, params: { id }, body }) {
      const job = found(await findJob(db, id), 'import', id);
      if (job.status !== 'failed' && job.status !== 'checked')
        throw new Fault(
          'conflict',
          `This import is ${job.status}: only one that failed or was checked begins again`,
        );
      const { dry_run: dryRun, ...options } = body;
      const drop = uploads.dropped({
        key: job.object_key,
        etag: job.object_etag,
        size: job.object_size,
        importId: id,
      });
      const message: ImportRetryRequested = { type: 'ImportRetryRequested', drop, options, dryRun };
      await ingestQueue.send([message]);
      return { id, status: 'running' as const };
    },
  }),
  route({
    method: 'POST',
    path: '/imports/{id}/undo',
    summary: 'Take an import back by linked reversals: stock and demand are as if it had not been',
    roles: KEEPERS,
    params,
    body: z.object({
      reason: z.string().trim().min(3).max(200),
      /** Although stock was counted since: those counts keep the differences that they booked. */
      despite_counts: z.boolean().default(false),
    }),
    answer: z.object({
      id: z.string(),
      status: z.enum(['undoing', 'undone']),
      /** What stays as the import left it. */
      keeps: z.string(),
      /** What is to be done when it has ended. */
      afterwards: z.string(),
    }),
    status: 202,
    async run({ ingestQueue }, { db, params: { id }, body: { reason, despite_counts: isDespite }, user }) {
      const job = found(await findJob(db, id), 'import', id);
      const keeps =
        'products, prices, suppliers, terms of supply, customers, sellers, locations and signals; lines of which goods came back since, or that somebody cancelled';
      const afterwards =
        'drop files again that have rows in common with this one: they were left out there as known, and went with it';
      if (job.status === 'undone') return { id, status: 'undone' as const, keeps, afterwards };
      const isHalf = job.status === 'failed' && job.chunks_done > 0;
      if (job.status !== 'done' && job.status !== 'undoing' && !isHalf)
        throw new Fault(
          'conflict',
          `This import is ${job.status}: only one that is done, or that failed half-way, can be undone`,
        );
      if (job.log_before === null)
        throw new Fault('conflict', 'This import is from before imports could be undone');
      const counts = isDespite || job.status === 'undoing' ? [] : await countsAfter(db, job);
      if (counts.length > 0)
        throw new Fault(
          'conflict',
          `Stock was counted since, and the counts booked their difference to what this import had made of it: ${counts.join(', ')}. Undo imports of counts first, and drop them again afterwards; or say despite_counts, and count again`,
        );
      const message: ImportUndoRequested = {
        type: 'ImportUndoRequested',
        importId: id,
        actor: user.username,
        reason,
      };
      await ingestQueue.send([message]);
      return { id, status: 'undoing' as const, keeps, afterwards };
    },
  }),
  route({
    method: 'GET',
    path: '/imports/mappings',
    summary: 'How files of other systems are read, by their headers',
    roles: READERS,
    query: z.object(pageQuery(MAPPINGS_PER_PAGE)),
    answer: pageOf(Mapping),
    run: (_, { db, query }) => listMappings(db, query),
  }),
  route({
    method: 'POST',
    path: '/imports/mappings',
    summary:
      'Say which column of a file is which of a template: for every file with these headers from now on',
    roles: KEEPERS,
    body: NewMapping,
    answer: z.object({ id: z.string() }),
    status: 201,
    effect: 'creates',
    async run(_, { db, body, user }) {
      const { import_id: importId, ...mapping } = body;
      const headers =
        importId === undefined
          ? mapping.headers!
          : found(await unknownHeaders(db, importId), 'import of unknown headers', importId);
      const isTooLarge = mappingChars(headers, mapping.columns) > MAX_MAPPING_CHARS;
      const details = isTooLarge
        ? [
            {
              field: 'headers',
              reason: `have more than ${MAX_MAPPING_CHARS} letters together with the columns`,
            },
          ]
        : mappingFaults(mapping, headers);
      if (details.length > 0)
        throw new Fault('invalid', 'The mapping cannot be used: see errors', { details });
      return { id: await saveMapping(db, { ...mapping, headers }, user.username) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/imports/mappings/{id}',
    summary: 'Forget how files of these headers are read',
    roles: KEEPERS,
    params,
    answer: z.object({ id: z.string() }),
    async run(_, { db, params: { id } }) {
      if (!(await removeMapping(db, id))) throw new Fault('missing', `There is no mapping ${id}`);
      return { id };
    },
  }),
  route({
    method: 'POST',
    path: '/forecast/upload-data',
    summary:
      'Upload a small CSV file as multipart/form-data or text/csv: looked at at once, imported in the background',
    roles: KEEPERS,
    answer: UploadAnswer,
    status: 202,
    effect: 'changes',
    async run({ uploads, now }, { db, headers, rawBody }) {
      const file = await uploadedFile(headers['content-type'] ?? '', rawBody());
      const seen = await lookAtUpload(db, file.bytes);
      const drop = await uploads.put(file.name, file.bytes, now());
      const importId = importIdOf(drop);
      await queueImport(db, { ...drop, importId });
      const message = `${seen.records_processed ?? 'An unknown number of'} records are being imported`;
      return { success: true as const, message, job_id: importId, ...seen };
    },
  }),
  route({
    method: 'GET',
    path: '/imports/{id}/rejects',
    summary: 'A link to the rejected rows, with line, field and reason',
    roles: READERS,
    params,
    answer: z.object({ url: z.string(), expires_at: z.string() }),
    async run({ uploads, now }, { db, params: { id } }) {
      const { rejectsKey } = found(await findImport(db, id), 'import', id);
      const key = found(rejectsKey ?? undefined, 'file of rejects of import', id);
      return uploads.link(key, now());
    },
  }),
];
