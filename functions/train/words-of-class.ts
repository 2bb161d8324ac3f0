import type { ClassEvaluation, JudgedPolicy } from '../../shared/contracts/api/policy-evaluation.ts';
import { LEAST_SERIES } from '../../shared/core/replay/judge-class.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const money = (amount: number): string => amount.toFixed(2);

/** A policy in a few words: `s-S at cycle-service 0.95`. */
export const wordsOfPlan = ({ kind, target }: Pick<JudgedPolicy, 'kind' | 'target'>): string =>
  `${kind} at ${target.kind} ${target.value}`;

/** What an evaluation says of a class, of which it looked at so many series, for a planner. */
export function wordsOfClass(
  result: Omit<ClassEvaluation, 'words'>,
  serviceLevel: number,
  lookedAt: number,
): string {
  const { now, best, saving, verdict, series, standing } = result;
  if (!now || !best || !saving) return wordsWithoutEvidence(result, lookedAt);
  const over = `over ${series} of ${result.series_in_class} series`;
  const short = result.reaches_service
    ? ''
    : ` No policy reached the service of ${serviceLevel} on the earlier weeks: this is the one that came closest.`;
  const late =
    result.out_of_time > 0 ? ` ${result.out_of_time} series more were not replayed for want of time.` : '';
  const reached = Math.min(best.fill_rate, best.cycle_service);
  const later =
    result.reaches_service && reached < serviceLevel
      ? ` On the later weeks its service was ${percent(reached)}, below what was asked for.`
      : '';
  const rest = short + later + late;
  if (isSame(best, now))
    return `What stands, ${wordsOfPlan(standing)}, was the cheapest ${over}: ${money(now.yearly_cost)} a year, fill rate ${percent(now.fill_rate)}.${rest}`;
  const from = `${percent(now.fill_rate)} to ${percent(best.fill_rate)}`;
  const changes = `stock goes from ${now.average_stock.toFixed(1)} to ${best.average_stock.toFixed(1)} units, fill rate from ${from}`;
  const only = `It was replayed with the forecaster ${best.forecaster}; plans forecast in their own way, and only the policy can be applied.`;
  return `${wordsOfPlan(best)} ${wordsOfSaving(verdict, saving)} than ${wordsOfPlan(standing)}, ${over}; ${changes}. ${only}${rest}`;
}

const isSame = (a: JudgedPolicy, b: JudgedPolicy): boolean => wordsOfPlan(a) === wordsOfPlan(b);

function wordsOfSaving(
  verdict: ClassEvaluation['verdict'],
  { mean, low, high }: NonNullable<ClassEvaluation['saving']>,
): string {
  const by = money(Math.abs(mean));
  const dearer = `${by} a year dearer (95 % interval ${money(-high)} to ${money(-low)})`;
  const cheaper = `${by} a year cheaper (95 % interval ${money(low)} to ${money(high)})`;
  if (verdict === 'change') return `is ${cheaper}`;
  const before = 'was chosen on earlier weeks, but on later ones it is';
  return verdict === 'keep'
    ? `${before} ${dearer}`
    : `${before} not surely cheaper: ${mean < 0 ? dearer : cheaper}`;
}

function wordsWithoutEvidence(result: Omit<ClassEvaluation, 'words'>, lookedAt: number): string {
  const { series_in_class, series, without_cost, too_young, out_of_time } = result;
  if (series_in_class === 0)
    return 'No series follows the policy of this class: there is nothing to compare.';
  const why = [
    ...(without_cost > 0 ? [`${without_cost} have no supplier or no cost`] : []),
    ...(too_young > 0
      ? [
          `${too_young} are too young, sold nothing in these weeks, or their lead time is too long for their history`,
        ]
      : []),
    ...(out_of_time > 0 ? [`${out_of_time} were not replayed for want of time`] : []),
  ];
  const reasons = why.length > 0 ? ` Of the others ${why.join(', ')}.` : '';
  return `No evidence: of ${series_in_class} series ${lookedAt} were old enough and looked at, and ${series} could be replayed; with fewer than ${LEAST_SERIES} chance decides.${reasons}`;
}
