import { HistoryError } from '../model.ts';
import { type OnlineForecaster, type OnlineState, onlineForecaster, onlineOf } from './online-forecaster.ts';

/** Which forecast speaks between two plans. */
export type LiveChoice = 'online' | 'nightly';

/**
 * What is kept of a series: plain JSON, after a thousand days as after thirty. At most 2 KB where days ask for nothing or
 * for something between a hundredth and a thousand million units.
 */
export interface LiveState {
  readonly online: OnlineState;
  /** Days closed so far. */
  readonly days: number;
  /** Of the newest days, oldest first: what the nightly forecast had said; null when there was none. */
  readonly nightly: readonly (number | null)[];
  /** Of the newest days, oldest first: what the online model had said the day before (null: nothing yet), and what came. */
  readonly said: readonly (number | null)[];
  readonly came: readonly number[];
  readonly choice: LiveChoice;
  /** Days that the choice has stood, at most 28. */
  readonly held: number;
  /** Days since the online model last found the level to have shifted, at most 28; null when it has not. */
  readonly sinceShift: number | null;
}

/** How the two did over the same closed days. */
export interface LiveScore {
  /** Sums over a week that were compared. */
  readonly weeks: number;
  /** Root mean squared errors of those sums, in units. */
  readonly online: number;
  readonly nightly: number;
}

export interface LiveModel {
  /**
   * Learns a day that is over: its demand, and what the nightly forecast had said of it (null: nothing).
   * Throws HistoryError and learns nothing when either is not a finite number.
   */
  close(quantity: number, nightly: number | null): void;
  /** Expected demand of the days after the last closed one, by the online model. */
  ahead(days: number): readonly number[];
  readonly choice: LiveChoice;
  score(): LiveScore | null;
  /** `liveModel(toState())` says and learns the same, to the last bit. */
  toState(): LiveState;
}

/** Days that are compared, and days of nightly forecasts that are kept so that a late sale can be learnt in its place. */
const COMPARED = 28;
export const KEPT_NIGHTLY = 56;
/** Errors count in sums over a week: whoever is wrong about a weekday only is not wrong about what to order. */
const WEEK = 7;
/** Sums over a week that must have been compared before the online model may speak: two weeks of them. */
const FEWEST_SUMS = 14;
/** Its error must be below this share of the nightly one's. */
const MARGIN = 0.7;
/** Digits of what was said. */
const SAID_DIGITS = 4;
/** Digits of what is learnt, and of what came beside what was said: fractions in full would need too much room. */
const LEARNT_DIGITS = 9;
const CAME_DIGITS = 6;

/**
 * An online model of daily demand beside the nightly forecast, both judged by what they had said before each day was over
 * (prequentially; Dawid 1984):
 *   E = sum over 7 days of (came - said), at each of the newest 22 ends of a week within 28 days
 *   the online model speaks when rms(E online) < 0.7 rms(E nightly) over at least 14 such sums; else the nightly forecast
 * What it says is a function of the days' demand and of the nightly forecasts of the newest 56 days, of nothing else.
 */
export function liveModel(state?: LiveState): LiveModel {
  const online: OnlineForecaster = state ? onlineOf(state.online) : onlineForecaster({ period: WEEK });
  const nightly = [...(state?.nightly ?? [])];
  const said = [...(state?.said ?? [])];
  const came = [...(state?.came ?? [])];
  let days = state?.days ?? 0;
  let choice: LiveChoice = state?.choice ?? 'nightly';
  let held = state?.held ?? 0;
  let sinceShift = state?.sinceShift ?? null;

  const score = (): LiveScore | null => {
    const count = came.length;
    const errors = { online: 0, nightly: 0 };
    let weeks = 0;
    for (let end = WEEK; end <= count; end++) {
      let ofOnline = 0;
      let ofNightly = 0;
      for (let t = end - WEEK; t < end; t++) {
        const byNight = nightly[nightly.length - count + t];
        ofOnline += came[t]! - (said[t] ?? Number.NaN);
        ofNightly += came[t]! - (byNight ?? Number.NaN);
      }
      if (Number.isNaN(ofOnline) || Number.isNaN(ofNightly)) continue;
      errors.online += ofOnline ** 2;
      errors.nightly += ofNightly ** 2;
      weeks++;
    }
    if (weeks === 0) return null;
    return { weeks, online: Math.sqrt(errors.online / weeks), nightly: Math.sqrt(errors.nightly / weeks) };
  };
  return {
    close(quantity, byNight) {
      if (!Number.isFinite(quantity)) throw new HistoryError(`the demand of a day is ${quantity}`);
      if (byNight !== null && !Number.isFinite(byNight))
        throw new HistoryError(`the nightly forecast of a day is ${byNight}`);
      said.push(days === 0 ? null : brief(online.forecast(1, []).mean[0]!, SAID_DIGITS));
      came.push(brief(quantity, CAME_DIGITS));
      nightly.push(byNight === null ? null : brief(byNight, SAID_DIGITS));
      if (came.length > COMPARED) {
        came.shift();
        said.shift();
      }
      if (nightly.length > KEPT_NIGHTLY) nightly.shift();
      const hasShifted = online.observe(brief(quantity, LEARNT_DIGITS));
      days++;
      sinceShift = hasShifted ? 0 : sinceShift === null || sinceShift >= COMPARED ? null : sinceShift + 1;
      const next = chooseLive(score());
      held = next === choice ? Math.min(COMPARED, held + 1) : 1;
      choice = next;
    },
    ahead: (count) => online.forecast(count, []).mean,
    get choice() {
      return choice;
    },
    score,
    toState: () => ({
      online: online.toState(),
      days,
      nightly: [...nightly],
      said: [...said],
      came: [...came],
      choice,
      held,
      sinceShift,
    }),
  };
}

/** The rule: the online model speaks where it has earned it, the nightly forecast everywhere else. */
export function chooseLive(score: LiveScore | null): LiveChoice {
  if (!score || score.weeks < FEWEST_SUMS) return 'nightly';
  return score.online < MARGIN * score.nightly ? 'online' : 'nightly';
}

function brief(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
