import * as z from 'zod';
import {
  ClassEvaluation,
  type PolicyEvaluation,
  type PolicyEvaluationRow,
} from '../../contracts/api/policy-evaluation.ts';
import { PolicyEvaluationOrder } from '../../contracts/messages.ts';
import { SERIES_CLASSES, SeriesClass } from '../../contracts/policy.ts';
import { jsonColumn, type Page, type PageAsked, Total, timeColumn } from '../sql/columns.ts';
import { json, type Statements } from '../sql/database.ts';

/** Evaluations that are kept; the oldest are forgotten. */
const KEPT = 50;

export interface NewEvaluation {
  readonly evaluationId: string;
  readonly order: PolicyEvaluationOrder;
  readonly requestedBy: string;
}

/** Makes an evaluation unless it is there. */
export async function openEvaluation(tx: Statements, evaluation: NewEvaluation): Promise<void> {
  const { evaluationId, order, requestedBy } = evaluation;
  await tx.write(
    `INSERT IGNORE INTO policy_evaluation (evaluation_id, ordered, requested_by)
     VALUES (:evaluationId, :ordered, :requestedBy)`,
    { evaluationId, ordered: json(order), requestedBy },
  );
}

/** Forgets all but the newest evaluations. */
export async function forgetOldEvaluations(tx: Statements): Promise<void> {
  await tx.write(
    `DELETE e
       FROM policy_evaluation e
       JOIN (SELECT evaluation_id
               FROM (SELECT evaluation_id, ROW_NUMBER() OVER (ORDER BY created_at DESC, evaluation_id) AS age
                       FROM policy_evaluation) AS ranked
              WHERE age > ${KEPT}) AS old ON old.evaluation_id = e.evaluation_id`,
  );
}

/** The classes that are judged already. */
export async function readJudgedClasses(db: Statements, evaluationId: string): Promise<Set<SeriesClass>> {
  const rows = await db.select(
    z.object({ class: SeriesClass }),
    `SELECT class FROM policy_evaluation_class WHERE evaluation_id = :evaluationId`,
    { evaluationId },
  );
  return new Set(rows.map((row) => row.class));
}

/** Keeps what came out for a class, unless that is there; the last class ends the evaluation. */
export async function saveClassEvaluation(
  tx: Statements,
  evaluationId: string,
  result: ClassEvaluation,
): Promise<void> {
  await tx.write(
    `INSERT IGNORE INTO policy_evaluation_class (evaluation_id, class, result)
     VALUES (:evaluationId, :class, :result)`,
    { evaluationId, class: result.class, result: json(result) },
  );
  await tx.write(
    `UPDATE policy_evaluation
        SET status = 'done', finished_at = CURRENT_TIMESTAMP(3)
      WHERE evaluation_id = :evaluationId
        AND status = 'running'
        AND (SELECT COUNT(*) FROM policy_evaluation_class WHERE evaluation_id = :evaluationId) = ${SERIES_CLASSES.length}`,
    { evaluationId },
  );
}

/** Notes that a class was given the policy that was found for it. */
export async function noteApplied(
  tx: Statements,
  evaluationId: string,
  name: SeriesClass,
  actor: string,
): Promise<void> {
  await tx.write(
    `UPDATE policy_evaluation_class
        SET applied_by = :actor, applied_at = CURRENT_TIMESTAMP(3)
      WHERE evaluation_id = :evaluationId AND class = :name`,
    { evaluationId, name, actor },
  );
}

const Row = z
  .object({
    evaluation_id: z.string(),
    status: z.enum(['running', 'done']),
    classes_done: z.int(),
    ordered: jsonColumn(PolicyEvaluationOrder),
    requested_by: z.string(),
    created_at: timeColumn,
    finished_at: timeColumn.nullable(),
  })
  .transform(
    ({ ordered, ...row }): PolicyEvaluationRow => ({
      ...row,
      classes: SERIES_CLASSES.length,
      as_of: ordered.asOf,
      service_level: ordered.serviceLevel,
      series_a_class: ordered.seriesAClass,
      weeks: ordered.weeks,
      holding_rate: ordered.holdingRate,
    }),
  );
const COLUMNS = `e.evaluation_id, e.status, e.ordered, e.requested_by, e.created_at, e.finished_at,
            (SELECT COUNT(*) FROM policy_evaluation_class c WHERE c.evaluation_id = e.evaluation_id) AS classes_done`;

/** Evaluations, newest first. */
export async function listEvaluations(
  db: Statements,
  { skip, limit }: PageAsked,
): Promise<Page<PolicyEvaluationRow>> {
  const [count] = await db.select(Total, `SELECT COUNT(*) AS total FROM policy_evaluation`);
  const data = await db.select(
    Row,
    `SELECT ${COLUMNS}
       FROM policy_evaluation e
      ORDER BY e.created_at DESC, e.evaluation_id
      LIMIT :limit OFFSET :skip`,
    { skip, limit },
  );
  return { data, pagination: { skip, limit, total: count!.total } };
}

const Result = z.object({
  result: jsonColumn(ClassEvaluation),
  applied_by: z.string().nullable(),
  applied_at: timeColumn.nullable(),
});

/** An evaluation with what came out so far; `lock` keeps others from it until the transaction ends. */
export async function findEvaluation(
  db: Statements,
  evaluationId: string,
  lock = false,
): Promise<Omit<PolicyEvaluation, 'words'> | undefined> {
  const [row] = await db.select(
    Row,
    `SELECT ${COLUMNS} FROM policy_evaluation e WHERE e.evaluation_id = :evaluationId ${lock ? 'FOR UPDATE' : ''}`,
    { evaluationId },
  );
  if (!row) return undefined;
  const results = await db.select(
    Result,
    `SELECT result, applied_by, applied_at
       FROM policy_evaluation_class
      WHERE evaluation_id = :evaluationId
      ORDER BY class`,
    { evaluationId },
  );
  return { ...row, results: results.map(({ result, ...applied }) => ({ ...result, ...applied })) };
}
