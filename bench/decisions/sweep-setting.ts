import { SEASON } from '../../shared/core/calendar/period-grid.ts';
import { type Candidate, candidatesFor } from '../../shared/core/replay/candidates.ts';
import { choosePolicies } from '../../shared/core/replay/choose-policies.ts';
import { comparePolicies } from '../../shared/core/replay/compare-policies.ts';
import { type Measures, measuresOf } from '../../shared/core/replay/measures.ts';
import { ORIGINAL_RULES } from '../../shared/core/replay/original-rules.ts';
import type { CaseInput } from '../../shared/core/replay/replay-case.ts';
import {
  type ReplayRow,
  type ReplayTask,
  replaySeries,
  type SeriesReplay,
} from '../../shared/core/replay/replay-series.ts';
import type { Tally } from '../../shared/core/replay/replay-stock.ts';
import { valueClasses } from '../../shared/core/replay/value-class.ts';
import { ECONOMICS, FORECASTERS, LOST_PRICES, SCALES, SERVICES, type Setting } from './settings.ts';

/** A policy at a sweep of what it aims at. */
export interface Swept {
  readonly name: string;
  /** Whose outlooks it uses; `auto` uses those of all forecasters. */
  readonly forecaster: string;
  readonly at: readonly number[];
  /** By point: the tallies of all series. */
  readonly tallies: readonly (readonly Tally[])[];
}

/** A setting replayed at all sweeps. */
export interface Sweeps {
  readonly series: number;
  readonly test: number;
  /** `auto` as the command chooses it. */
  readonly auto: Measures;
  readonly clairvoyant: Measures;
  readonly autos: readonly Swept[];
  readonly rules: readonly Swept[];
  readonly textbook: readonly Swept[];
  readonly measures: (swept: Swept, at: number) => Measures;
}

const SEED = 1;
const KINDS = ['base-stock', 'R-S'] as const;

/** Replays the cases at all sweeps; `ahead` is said beside the names of what used columns that were known ahead. */
export function sweepSetting(setting: Setting, cases: readonly CaseInput[], ahead = ''): Sweeps {
  const daysAPeriod = setting.frequency === 'daily' ? 1 : 7;
  const { leadTime, review, frequency } = setting;
  const terms = { ...ECONOMICS, leadTime, review, daysAPeriod, season: SEASON[frequency] };
  const longest = cases.reduce((most, { quantities }) => Math.max(most, quantities.length), 0);
  const originals = [
    ...FORECASTERS.flatMap((forecaster) =>
      ORIGINAL_RULES.slice(0, 2).map((policy) => ({ policy, forecaster })),
    ),
    { policy: ORIGINAL_RULES[2], forecaster: 'history' },
  ];
  const textbook = FORECASTERS.flatMap((forecaster) => KINDS.map((kind) => ({ kind, forecaster })));
  const rows: ReplayRow[] = [
    { policy: 'clairvoyant', forecaster: 'demand' },
    ...originals.flatMap((rule) => SCALES.map((scale) => ({ ...rule, scale }))),
    ...textbook.flatMap(({ kind, forecaster }) =>
      SERVICES.map((value) => ({
        ...{ policy: kind, forecaster },
        plan: { kind, target: { kind: 'cycle-service' as const, value } },
      })),
    ),
  ];
  const test = Math.floor(longest / 3);
  const task: ReplayTask = { terms, rows, forecasters: FORECASTERS, test, seed: SEED };
  const replays = cases.map((one) => replaySeries(task, one)).filter((replay) => replay !== null);
  const ofRow = (r: number): Tally[] => replays.map((replay) => replay.rows[r]!);
  const candidates = candidatesFor(terms, FORECASTERS);
  const onReviews = (candidate: Candidate): boolean => candidate.kind !== 'base-stock';
  return {
    ...{ series: replays.length, test },
    auto: comparePolicies(task, replays).rows[0]!.measures,
    clairvoyant: measuresOf(ofRow(0), terms),
    autos: [
      autoSwept(`auto${ahead}`, replays, candidates),
      autoSwept(`auto, on reviews only${ahead}`, replays, candidates, onReviews),
    ],
    rules: originals.map(({ policy, forecaster }, i) => ({
      ...{ name: `${policy} (${forecaster}${ahead})`, forecaster, at: SCALES },
      tallies: SCALES.map((_, s) => ofRow(1 + i * SCALES.length + s)),
    })),
    textbook: textbook.map(({ kind, forecaster }, i) => ({
      ...{ name: `${kind} (${forecaster}${ahead})`, forecaster, at: SERVICES },
      tallies: SERVICES.map((_, s) => ofRow(1 + originals.length * SCALES.length + i * SERVICES.length + s)),
    })),
    measures: ({ at, tallies }, value) => measuresOf(tallies[at.indexOf(value)]!, terms),
  };
}

/** The chooser at several prices of a lost unit: each point is chosen on earlier data as `auto` itself is. */
function autoSwept(
  name: string,
  replays: readonly SeriesReplay[],
  candidates: readonly Candidate[],
  isAllowed: (candidate: Candidate) => boolean = () => true,
): Swept {
  const allowed = candidates.flatMap((candidate, c) => (isAllowed(candidate) ? [c] : []));
  const value = valueClasses(replays.map((replay) => replay.value));
  const groups = replays.map(({ demandClass }, i) => `${demandClass} ${value[i]}`);
  const tallies = LOST_PRICES.map((price) => {
    const entries = replays.map(({ id, earlier }, i) => ({
      ...{ id, group: groups[i]! },
      tallies:
        earlier && allowed.map((c) => ({ ...earlier[c]!, lostMargin: price * earlier[c]!.lostMargin })),
    }));
    const choices = choosePolicies(entries, allowed.length, 0, 0);
    return replays.map((replay, i) => replay.candidates[allowed[choices.get(groups[i]!)!.candidate]!]!);
  });
  return { name, forecaster: 'chosen', at: LOST_PRICES, tallies };
}
