import type { ClassEvaluation } from '../../shared/contracts/api/policy-evaluation.ts';
import type { PolicyEvaluationRequested } from '../../shared/contracts/messages.ts';
import { SERIES_CLASSES, type SeriesClass } from '../../shared/contracts/policy.ts';
import { classCandidates } from '../../shared/core/replay/class-candidates.ts';
import { judgeClass } from '../../shared/core/replay/judge-class.ts';
import { PERIOD_DAYS } from '../../shared/data/forecasts/series-store.ts';
import { sampleClass } from '../../shared/data/policies/class-sample-store.ts';
import {
  findEvaluation,
  openEvaluation,
  readJudgedClasses,
  saveClassEvaluation,
} from '../../shared/data/policies/policy-evaluation-store.ts';
import { readClassPolicies } from '../../shared/data/policies/policy-store.ts';
import type { Database } from '../../shared/data/sql/database.ts';
import type { Delivery } from '../../shared/runtime/queue-handler.ts';
import { judgedPolicy } from './judged-policy.ts';
import { readReplayable } from './read-replayable.ts';
import { leastWeeks, replayInTime } from './replay-in-time.ts';
import { wordsOfClass } from './words-of-class.ts';

/** Time that one delivery spends on replays, and what is left over for all else. */
const BUDGET_MS = 600_000;
const RESERVE_MS = 60_000;

export interface EvaluateNeeds {
  readonly database: Database;
}

type EvaluateDelivery = Pick<Delivery, 'remainingMs'> & { readonly logger: Pick<Delivery['logger'], 'info'> };

/**
 * Replays a sample of each class through policies and keeps which would have been the cheapest. Each class has its
 * share of the time that is left, and replays fewer series rather than none. Classes that are done stay as they are, so
 * that a redelivery goes on after the last one.
 */
export async function evaluatePolicies(
  { database }: EvaluateNeeds,
  { evaluationId, order, requestedBy }: PolicyEvaluationRequested,
  { logger, remainingMs }: EvaluateDelivery,
): Promise<void> {
  // waits for whoever asked, who may not have committed
  await openEvaluation(database, { evaluationId, order, requestedBy });
  if ((await findEvaluation(database, evaluationId))?.status !== 'running')
    return logger.info('evaluate: nothing to do', { evaluationId });
  const done = await readJudgedClasses(database, evaluationId);
  const open = SERIES_CLASSES.filter((name) => !done.has(name));
  const end = Math.max(RESERVE_MS, remainingMs() - BUDGET_MS);
  for (const [i, name] of open.entries()) {
    const share = Math.max(0, remainingMs() - end) / (open.length - i);
    const until = remainingMs() - share;
    const result = await evaluateClass(database, name, order, () => remainingMs() > until);
    await database.transaction((tx) => saveClassEvaluation(tx, evaluationId, result));
    const { verdict, series, out_of_time } = result;
    logger.info('evaluate', { evaluationId, class: name, verdict, series, outOfTime: out_of_time });
  }
}

async function evaluateClass(
  database: Database,
  name: SeriesClass,
  order: PolicyEvaluationRequested['order'],
  hasTime: () => boolean,
): Promise<ClassEvaluation> {
  const { asOf, seed, seriesAClass, serviceLevel, weeks } = order;
  const { sample, standing, readable } = await database.transaction(async (tx) => {
    const found = await sampleClass(tx, { name, asOf, weeks, seed, most: seriesAClass, leastWeeks });
    const policy = (await readClassPolicies(tx)).get(name)!;
    return { sample: found, standing: policy, readable: await readReplayable(tx, found.keys, order) };
  });
  const { kind, target, reviewDays } = standing;
  const candidates = classCandidates({ kind, target });
  const { replays, outOfTime } = replayInTime(readable, { candidates, reviewDays, order }, hasTime);
  const judgement = judgeClass({
    replays,
    candidates,
    standing: { kind, target },
    ...{ serviceLevel, seed, daysAPeriod: PERIOD_DAYS },
  });
  const { now, best, saving, verdict, series, reachesService, others } = judgement;
  const result = {
    class: name,
    verdict,
    series_in_class: sample.of,
    series,
    without_cost: sample.keys.length - readable.length,
    too_young: sample.tooYoung + readable.length - outOfTime - series,
    out_of_time: outOfTime,
    standing: { kind, target, review_days: reviewDays },
    now: now && judgedPolicy(now),
    best: best && judgedPolicy(best),
    saving,
    reaches_service: reachesService,
    others: others.map(judgedPolicy),
  };
  return { ...result, words: wordsOfClass(result, serviceLevel, sample.keys.length) };
}
