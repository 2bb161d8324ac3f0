import * as z from 'zod';
import { Audit, AuditReport, ChangeEntry, InvariantReport } from '../../../shared/contracts/api/audit.ts';
import { pageQuery, timeInput } from '../../../shared/contracts/api/inputs.ts';
import { pageOf } from '../../../shared/contracts/api/page.ts';
import type { AuditRequested } from '../../../shared/contracts/messages.ts';
import { findAudit, listAudits } from '../../../shared/data/audit/audit-reads.ts';
import { openAudit } from '../../../shared/data/audit/audit-store.ts';
import { listChanges } from '../../../shared/data/audit/change-log.ts';
import { found } from '../http/found.ts';
import { messageKey } from '../http/message-key.ts';
import { route } from '../http/route.ts';
import { checkInvariants } from '../stock/check-invariants.ts';

export const auditRoutes = [
  route({
    method: 'GET',
    path: '/ledger/invariants',
    summary: 'Check all data against their promises now; 409 when the ledger is too large for that',
    roles: ['planner'],
    answer: InvariantReport,
    run: ({ database, now }) => checkInvariants(database, now()),
  }),
  route({
    method: 'GET',
    path: '/audits',
    summary: 'Reports of whether the data keep their promises, newest first',
    roles: ['planner'],
    query: z.object(pageQuery(500)),
    answer: pageOf(Audit),
    run: (_, { db, query }) => listAudits(db, query),
  }),
  route({
    method: 'POST',
    path: '/audits',
    summary:
      'Check all data against their promises, which goes on in the background; there is one every night',
    roles: ['planner'],
    answer: z.object({ audit_id: z.string() }),
    status: 202,
    effect: 'creates',
    async run({ auditQueue }, { db, askingKey, user }) {
      const auditId = messageKey(`audit ${askingKey}`);
      await openAudit(db, { auditId, cause: 'api', askedBy: user.username });
      await auditQueue.send([
        { type: 'AuditRequested', cause: 'api', auditId, askedBy: user.username } satisfies AuditRequested,
      ]);
      return { audit_id: auditId };
    },
  }),
  route({
    method: 'GET',
    path: '/audits/{id}',
    summary: 'One audit, with what it found of each promise',
    roles: ['planner'],
    params: z.object({ id: z.string() }),
    answer: AuditReport,
    run: async (_, { db, params: { id } }) => found(await findAudit(db, id), 'audit', id),
  }),
  route({
    method: 'GET',
    path: '/audit-log',
    summary: 'Who changed which master data, newest first: before and after',
    roles: ['planner'],
    query: z.object({
      ...pageQuery(500),
      subject: z.string().max(20).optional(),
      subject_id: z.string().max(140).optional(),
      actor: z.string().max(100).optional(),
      /** From this instant, and before that one. */
      from: timeInput.optional(),
      to: timeInput.optional(),
    }),
    answer: pageOf(ChangeEntry),
    run: (_, { db, query }) => listChanges(db, { ...query, subjectId: query.subject_id }, query),
  }),
];
