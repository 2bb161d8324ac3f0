import { packWhole, unpackWhole } from './packed-doubles.ts';

/** Effects of periods ahead as steps above the lowest one: short to store, however many they are. */
export interface StoredEffects {
  readonly low: number;
  readonly step: number;
  /** Letters of each period's number of steps. */
  readonly letters: number;
  readonly steps: string;
}

/** Most periods, and most letters of them all. */
const MOST_LETTERS = 900;
/** Ten digits are more than an effect has. */
const MOST_A_PERIOD = 6;

/**
 * As many letters a period as there is room for: 150 periods are kept to ten digits, 300 to five, 900 to a 63rd of their range.
 * Periods after the first 900 are left out.
 */
export function storedEffects(effects: ArrayLike<number>): StoredEffects {
  const kept = Array.from(effects).slice(0, MOST_LETTERS);
  if (kept.length === 0) return { low: 0, step: 0, letters: 1, steps: '' };
  const low = Math.min(...kept);
  const range = Math.max(...kept) - low;
  const room = Math.min(MOST_A_PERIOD, Math.floor(MOST_LETTERS / kept.length));
  const step = range / (64 ** room - 1);
  if (!(step > 0)) return { low, step: 0, letters: 1, steps: packWhole(0, kept.length) };
  const most = 64 ** room - 1;
  const steps = kept.map((effect) => packWhole(Math.min(most, Math.round((effect - low) / step)), room));
  return { low, step, letters: room, steps: steps.join('') };
}

/** The effects again, one for each period. */
export function effectsOf({ low, step, letters, steps }: StoredEffects): Float64Array {
  return Float64Array.from(
    { length: steps.length / letters },
    (_, h) => low + step * unpackWhole(steps, h * letters, letters),
  );
}
