import { NAMED_MODELS } from '../forecast/named-models.ts';
import { knowingColumns } from './known-effects.ts';
import { naiveForecaster } from './naive-forecaster.ts';
import type { ForecasterInput, Outlook } from './outlook.ts';
import { pathForecaster } from './path-forecaster.ts';
import { windowForecaster } from './window-forecaster.ts';

/** Forecasters that a replay uses when none are named: the plain benchmark and the one made for decisions. */
export const DEFAULT_FORECASTERS = ['mix', 'snaive'] as const;

/** Parts of `mix`: what windows brought before, a trend of the level, and the season. */
const MIX = ['window', 'theta', 'snaive'];

/** Forecasters of ours that learn what known columns do to demand. */
const KNOWING = ['mix', 'window'];

/** `mix`, `window`, `blend` and the models of the forecasting library by name. */
export const FORECASTER_NAMES: readonly string[] = ['mix', 'window', 'blend', ...Object.keys(NAMED_MODELS)];

/**
 * Outlooks of one series by the name of a forecaster, made once each: `mix` shares its parts. With columns whose future is
 * known, `mix`, `window` and the models that have room for inputs use them. Throws RangeError for a name that there is none of.
 */
export function outlookMaker(input: ForecasterInput): (name: string) => readonly Outlook[] {
  const unaware = outlooksWithout(input);
  const isTold = Object.keys(input.regressors ?? {}).length > 0;
  const made = new Map<string, readonly Outlook[]>();
  return (name) => {
    if (!isTold || !KNOWING.includes(name)) return unaware(name);
    const found = made.get(name) ?? knowingColumns((plain) => outlooksWithout(plain)(name))(input);
    made.set(name, found);
    return found;
  };
}

function outlooksWithout(input: ForecasterInput): (name: string) => readonly Outlook[] {
  const made = new Map<string, readonly Outlook[]>();
  const outlooksOf = (name: string): readonly Outlook[] => {
    const found = made.get(name) ?? make(name);
    made.set(name, found);
    return found;
  };
  return outlooksOf;

  function make(name: string): readonly Outlook[] {
    if (!FORECASTER_NAMES.includes(name)) throw new RangeError(`there is no forecaster named ${name}`);
    if (name === 'window') return windowForecaster(input);
    if (name === 'snaive') return naiveForecaster(input);
    if (name !== 'mix') return pathForecaster(name)(input);
    const parts = MIX.map(outlooksOf);
    return parts[0]!.map((_, i) => averageOf(parts.map((list) => list[i]!)));
  }
}

/** Averages quantile by quantile, which keeps the spread of the parts (Vincent 1912; Lichtendahl, Grushka-Cockayne & Winkler 2013). */
function averageOf(outlooks: readonly Outlook[]): Outlook {
  const k = outlooks.length;
  const number = (of: (outlook: Outlook) => number): number =>
    outlooks.reduce((sum, outlook) => sum + of(outlook), 0) / k;
  const sample = (of: (outlook: Outlook) => Float64Array): Float64Array => {
    const found = new Float64Array(of(outlooks[0]!).length);
    for (const outlook of outlooks) {
      const values = of(outlook);
      for (let j = 0; j < found.length; j++) found[j]! += values[j]! / k;
    }
    return found;
  };
  const look = sample((outlook) => outlook.look);
  const betweenLooks = sample((outlook) => outlook.betweenLooks);
  const isSame = outlooks.every((outlook) => outlook.protection === outlook.look);
  return {
    meanAPeriod: number(({ meanAPeriod }) => meanAPeriod),
    lead: sample(({ lead }) => lead),
    look,
    protection: isSame ? look : sample(({ protection }) => protection),
    betweenLooks,
    betweenReviews: isSame ? betweenLooks : sample((outlook) => outlook.betweenReviews),
    summedUpper: number(({ summedUpper }) => summedUpper),
    meanThirtyDays: number(({ meanThirtyDays }) => meanThirtyDays),
  };
}
