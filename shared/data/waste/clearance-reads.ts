import type { ClearanceItem, ClearanceList } from '../../contracts/api/waste.ts';
import { addDays, daysBetween } from '../../core/calendar/add-days.ts';
import {
  breakEvenUplift,
  type ClearanceInput,
  clearanceLadder,
  expectOf,
  legacyDiscount,
} from '../../core/inventory/waste/clearance.ts';
import type { ShrunkElasticity } from '../../core/inventory/waste/elasticity.ts';
import { expiryTurns } from '../../core/inventory/waste/unsellable.ts';
import { count, percent } from '../../core/inventory/waste/waste-words.ts';
import type { PageAsked } from '../sql/columns.ts';
import type { Statements } from '../sql/database.ts';
import {
  type Candidate,
  inputOf,
  priceOf,
  pricesOf,
  rateOf,
  rounded,
  shownElasticity,
  shownMoney,
} from './clearance-input.ts';
import type { PriceHistory } from './elasticity-reads.ts';
import type { OutlookFilter, StockOutlook } from './stock-outlook-store.ts';
import {
  moneyText,
  pageOfRanked,
  placeOf,
  type Ranked,
  ranked,
  readWaste,
  sellableOf,
  type WasteView,
} from './waste-reads.ts';

/**
 * Stock to be rid of, most money first: what will expire unsold, what is dead, and excess; each with the steps of price
 * that recover most, beside keeping it and beside the fixed discounts. Only the page's own items are computed.
 */
export async function listClearance(
  db: Statements,
  asked: OutlookFilter & { readonly minValue: number },
  page: PageAsked,
): Promise<ClearanceList> {
  const view = await readWaste(db, asked);
  const all = (view?.outlooks ?? [])
    .flatMap((one) => candidatesOf(one, view!))
    .map((of) => {
      const row = ranked(of.one, of.units);
      return { ...row, name: `${row.name}|${of.until}`, of };
    })
    .filter(({ amount }) => amount >= asked.minValue);
  const { data: rows, ...rest } = pageOfRanked(all, page, (row) => row);
  const prices = await pricesOf(
    db,
    rows.map(({ of }) => of.one),
    view,
  );
  return {
    as_of: view?.asOf ?? null,
    ...rest,
    data: rows.map((row) => clearanceItem(row, prices.get(row.of.one.productId), view!)),
  };
}

/** Stock to be rid of, from a day on until another. */
interface Clearance extends Candidate {
  readonly from: string;
  readonly until: string;
  /** Units that will expire unsold. */
  readonly lost: number;
}

/** The worst that a stock is, as something to be rid of; what expires by its last days, each with days of its own to sell in. */
function candidatesOf(one: StockOutlook, { asOf, settings }: WasteView): Clearance[] {
  const { judgement } = one;
  const turns = expiryTurns(one.lots?.lots ?? [], one.expected.perDay, asOf);
  const expiring = turns.flatMap(({ expiryDate: until, left: units, unsellable, wait, days }) => {
    const lost = Math.round(unsellable);
    const from = addDays(asOf, wait + 1);
    return lost > 0 ? [{ one, reason: 'expiring' as const, units, days, from, until, lost }] : [];
  });
  if (expiring.length > 0) return expiring;
  const units = sellableOf(one);
  const isDead = judgement.verdict === 'dead';
  if (units === 0 || (!isDead && judgement.units.excess === 0)) return [];
  const days = settings.clearance_days;
  const [from, until] = [addDays(asOf, 1), addDays(asOf, days)];
  return [{ one, reason: isDead ? 'dead' : 'excess', units, days, from, until, lost: 0 }];
}

function clearanceItem(
  { of: candidate, units, amount }: Ranked<Clearance>,
  prices: PriceHistory | undefined,
  { asOf, settings }: WasteView,
): ClearanceItem {
  const { one, reason, days } = candidate;
  const why = WHY[reason](candidate);
  const price = priceOf(one, prices);
  const head = {
    ...placeOf(one),
    reason,
    units,
    value: moneyText(amount),
    until: candidate.until,
    expected_per_day: rounded(rateOf(one), 4),
    elasticity: shownElasticity(prices?.elasticity),
  };
  const unknown = {
    ladder: [],
    expected_recovered: null,
    recovered_by_keeping: null,
    gain: null,
  };
  if (price === null)
    return {
      ...head,
      ...unknown,
      price: null,
      floor_price: null,
      legacy: null,
      words: `${why} Its price is unknown.`,
    };
  const input = inputOf(candidate, price, settings);
  const keep = expectOf({ ...input, elasticity: 0 }, [{ price, days }]).recovered;
  const shown = { ...head, price: shownMoney(price), floor_price: shownMoney(Math.min(price, input.floor)) };
  const legacy = legacyOf(candidate, input, prices?.elasticity, asOf);
  if (!prices?.elasticity)
    return {
      ...shown,
      ...unknown,
      recovered_by_keeping: shownMoney(keep),
      legacy,
      words: `${why} What a discount would do is unknown: its price and those of its category did not change enough to tell.${breakEvenWords(legacy)}`,
    };
  const { steps, expected, keep: kept } = clearanceLadder({ ...input, elasticity: prices.elasticity.value });
  let from = candidate.from;
  const ladder = steps.map((step) => {
    const row = {
      from,
      to: addDays(from, step.days - 1),
      price: shownMoney(step.price),
      discount_percent: rounded(step.discount * 100, 1),
      expected_units: rounded(step.sold),
    };
    from = addDays(from, step.days);
    return row;
  });
  const gain = expected.recovered - kept.recovered;
  return {
    ...shown,
    ladder,
    expected_recovered: shownMoney(expected.recovered),
    recovered_by_keeping: shownMoney(kept.recovered),
    gain: shownMoney(gain),
    legacy,
    words: `${why} ${ladderWords(ladder, gain)}`,
  };
}

const WHY: Readonly<Record<ClearanceItem['reason'], (candidate: Clearance) => string>> = {
  expiring: ({ units, lost, from, until }) =>
    `${lost} of ${count(units, 'unit')} will expire unsold on ${until}; their turn to sell is from ${from} on.`,
  dead: ({ units, one }) =>
    `${count(units, 'unit')} that nobody wants with a probability of ${percent(one.judgement.probabilityDead)}.`,
  excess: ({ one }) => `${count(one.judgement.excessOnHand, 'unit')} more than the days of cover may need.`,
};

function ladderWords(ladder: ClearanceItem['ladder'], gain: number): string {
  const cuts = ladder.filter(({ discount_percent }) => discount_percent > 0);
  if (cuts.length === 0) return 'No discount above the floor is expected to recover more than today’s price.';
  const steps = cuts
    .filter(({ discount_percent }, i) => discount_percent !== cuts[i - 1]?.discount_percent)
    .map(({ from, discount_percent }) => `${discount_percent} % off from ${from}`);
  return `${steps.join(', ')}: ${shownMoney(gain)} more than at today’s price.`;
}

function breakEvenWords(legacy: ClearanceItem['legacy']): string {
  if (!legacy) return '';
  const uplift = legacy.break_even_uplift;
  return uplift === null
    ? ` No growth of demand would make ${legacy.discount_percent} % off worth it.`
    : ` ${legacy.discount_percent} % off is worth it if demand grows ${rounded(uplift, 1)}-fold.`;
}

function legacyOf(
  { one, days }: Candidate,
  input: Omit<ClearanceInput, 'elasticity'>,
  elasticity: ShrunkElasticity | undefined,
  asOf: string,
): ClearanceItem['legacy'] {
  const asked = legacyDiscount(one.facts.daysSinceSale ?? daysBetween(one.firstDay, asOf));
  if (asked === 0) return null;
  const price = Math.min(input.price, Math.max(input.price * (1 - asked), input.floor));
  const discount = 1 - price / input.price;
  if (discount <= 0) return null;
  const expected = elasticity
    ? shownMoney(expectOf({ ...input, elasticity: elasticity.value }, [{ price, days }]).recovered)
    : null;
  return {
    discount_percent: rounded(discount * 100, 1),
    price: shownMoney(price),
    expected_recovered: expected,
    break_even_uplift: round3(breakEvenUplift(input, price)),
  };
}

const round3 = (value: number | null): number | null => (value === null ? null : rounded(value, 3));
