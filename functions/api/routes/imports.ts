import * as z from 'zod';
import { pageQuery } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import { ImportReport } from '../../../shared/contracts/api/planning.ts';
import { findImport, listImports } from '../../../shared/data/import-reads.ts';
import { found } from '../found.ts';
import { KEEPERS, READERS } from '../roles.ts';
import { route } from '../route.ts';
import { MAX_UPLOAD_BYTES } from '../uploads.ts';

const params = z.object({ id: z.string() });

export const importRoutes = [
  route({
    method: 'GET',
    path: '/imports',
    summary: 'What was imported, newest first',
    roles: READERS,
    query: z.object({
      ...pageQuery(500),
      status: z.enum(['running', 'done', 'failed', 'duplicate']).optional(),
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
    }),
    answer: z.object({
      method: z.literal('POST'),
      url: z.string(),
      /** Send these as form fields, then the file as the last field, `file`. */
      fields: z.record(z.string(), z.string()),
      key: z.string(),
      max_bytes: z.int(),
      expires_at: z.string(),
    }),
    status: 201,
    effect: 'creates',
    async run({ uploads, now }, { body }) {
      const { url, fields, key, expiresAt } = await uploads.create(body.filename, now());
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
    summary: 'The report of one import',
    roles: READERS,
    params,
    answer: ImportReport,
    run: async (_, { db, params: { id } }) => found(await findImport(db, id), 'import', id),
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
