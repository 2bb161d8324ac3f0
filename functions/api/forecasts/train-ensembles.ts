import type { EnsembleTraining } from '../../../shared/contracts/api/ensemble.ts';
import {
  type ErrorFigures,
  LEAST_TRAINING,
  trainEnsemble,
} from '../../../shared/core/forecast/combine/ensemble.ts';
import {
  countEnsembles,
  type NewEnsemble,
  readCategoryHistories,
  readUntrained,
  saveEnsembles,
} from '../../../shared/data/forecasts/ensemble-store.ts';
import { findGroupRun } from '../../../shared/data/forecasts/group-forecast-reads.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { found } from '../http/found.ts';

/** Categories of one request: some 60 ms each on one core. */
export const MOST_TRAINED = 50;

export interface TrainingAsked {
  readonly validation: number;
  /** The only one; else the largest of those without an ensemble of these data. */
  readonly category?: string | undefined;
  readonly user: string;
}

/**
 * Weighs models by the newest weeks of each category's own history, as the newest plan knows it, and stores the weights.
 * At most 50 categories a request; the answer says how many are left.
 */
export async function trainEnsembles(
  tx: Statements,
  { validation, category, user }: TrainingAsked,
): Promise<EnsembleTraining> {
  const run = await findGroupRun(tx);
  const needed = validation + LEAST_TRAINING;
  if (!run) {
    if (category !== undefined) found(undefined, 'category', category);
    return {
      success: false,
      message: 'There is no plan yet whose categories could be learnt from',
      categories_trained: 0,
      categories_remaining: 0,
      results: [],
    };
  }
  const { runId, asOf } = run;
  const asked = { asOf, validation, needed };
  const histories =
    category === undefined
      ? await readUntrained(tx, runId, { ...asked, limit: MOST_TRAINED })
      : await readCategoryHistories(tx, runId, [category]);
  if (category !== undefined) found(histories[0], 'category', category);
  const trained: NewEnsemble[] = [];
  const results = histories.map(({ category: name, history }): EnsembleTraining['results'][number] => {
    const ensemble = trainEnsemble(history, { validation });
    if (ensemble.kind === 'insufficient-data') {
      const nothing = { weights: {}, errors: {}, left_out: [] };
      return { category: name, status: 'insufficient_data', ...nothing, data_points: history.length, needed };
    }
    const members = ensemble.members.map((member) => ({ ...member, errors: shownErrors(member.errors) }));
    trained.push({ ...ensemble, category: name, asOf, members });
    return {
      category: name,
      status: 'trained',
      weights: Object.fromEntries(members.map((member) => [member.name, member.weight])),
      errors: Object.fromEntries(members.map((member) => [member.name, member.errors])),
      left_out: [...ensemble.leftOut],
      data_points: history.length,
      needed,
    };
  });
  await saveEnsembles(tx, trained, user);
  const { able, current } = await countEnsembles(tx, runId, asked);
  return {
    success: trained.length > 0,
    message: `Weighed the members of ${trained.length} of ${results.length} categories by their newest ${validation} weeks`,
    categories_trained: trained.length,
    categories_remaining: able - current,
    results,
  };
}

/** Errors as JSON can hold them: null for what is not defined. */
export function shownErrors(errors: ErrorFigures) {
  const shown = (value: number): number | null =>
    Number.isFinite(value) ? Number(value.toPrecision(9)) : null;
  const { mae, rmse, wape, smape, bias } = errors;
  return { mae: shown(mae), rmse: shown(rmse), wape: shown(wape), smape: shown(smape), bias: shown(bias) };
}
