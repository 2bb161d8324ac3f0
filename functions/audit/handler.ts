import { openQueue } from '../../shared/aws/queue.ts';
import { AuditRequested } from '../../shared/contracts/messages.ts';
import { queueHandler } from '../../shared/runtime/queue-handler.ts';
import { auditData } from './audit-data.ts';
import { AuditEnv } from './env.ts';

/** SQS -> one AuditRequested per record -> a report of what breaks a promise of the data, and seals of what is past. */
export const handler = queueHandler({
  env: AuditEnv,
  message: AuditRequested,
  connect: (env, { database }) => ({ database, auditQueue: openQueue(env.AUDIT_QUEUE_URL) }),
  run: auditData,
});
