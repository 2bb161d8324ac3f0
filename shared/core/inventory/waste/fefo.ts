/** Goods that came together. `expiryDate` is the last day on which they may be sold; null when they keep. */
export interface Lot {
  readonly lotId: number;
  readonly expiryDate: string | null;
  readonly receivedDate: string;
}

/** What moved on one day for one reason; movements that were taken back are not in it. */
export interface StockFlow {
  /** YYYY-MM-DD */
  readonly day: string;
  /** Signed: what came is positive, what left negative. */
  readonly quantity: number;
  /** The lot that the movements name; null for all others. */
  readonly lotId: number | null;
  /** Written off as expired: takes what is past its day first. */
  readonly isExpiry: boolean;
}

/** Units that are left of each lot, and units of no known lot; these fall below zero with the stock. */
export interface LotsLeft {
  readonly left: ReadonlyMap<number, number>;
  readonly unlotted: number;
}

/** The order in which goods leave: first expired first, what keeps after it, older before newer. */
export function byExpiry(a: Lot, b: Lot): number {
  const ends = compare(a.expiryDate ?? KEEPS, b.expiryDate ?? KEEPS);
  return ends || compare(a.receivedDate, b.receivedDate) || a.lotId - b.lotId;
}

/** Later than any day. */
const KEEPS = '9999-12-31';
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What is left of each lot after these flows, by first expired, first out: on each day what comes in comes first, then
 * movements that name their lot take from it, then all others take what may still be sold in the order of its expiry,
 * goods of no known lot after dated ones, and what is past its day last. Units that a movement will name are kept for
 * it as long as there are others, but for those that will only come later. What leaves beyond all that is there makes
 * `unlotted` negative, and the next goods pay it back.
 * `opening` = what was left before these flows, where earlier ones are folded already: the same as of all of them if
 * `fitsOpening`.
 * Sum of `left` + `unlotted` = that of the opening + sum of the flows, always. What is left of a lot can be written off by
 * name without any other changing.
 */
export function fefo(lots: readonly Lot[], flows: readonly StockFlow[], opening?: LotsLeft): LotsLeft {
  const fold = foldOf(lots, opening);
  const ordered = [...flows].sort(inOrder);
  const rows = ordered.map(({ lotId }) => (lotId === null ? undefined : fold.rowOf.get(lotId)));
  const { before, after } = needsOf(ordered, rows, lots.length);
  fold.kept.set(before);
  for (const [i, flow] of ordered.entries()) {
    const row = rows[i];
    if (row !== undefined) fold.kept[row] = after[i]!;
    if (flow.quantity >= 0) comeIn(fold, row, flow.quantity);
    else if (row === undefined) goOut(fold, -flow.quantity, flow);
    else goOut(fold, -flow.quantity - take(fold, row, -flow.quantity, 0), flow);
  }
  return {
    left: new Map(fold.lots.map((lot, i) => [lot.lotId, fold.left[i]!])),
    unlotted: fold.unlotted,
  };
}

/**
 * Whether flows after an opening change nothing of how it came about: of no lot do they name more than was left, so that
 * nothing more would have been kept for them before.
 */
export function fitsOpening({ left }: LotsLeft, flows: readonly StockFlow[]): boolean {
  const lotIds = [...new Set(flows.flatMap(({ lotId }) => (lotId === null ? [] : [lotId])))];
  const ordered = [...flows].sort(inOrder);
  const rows = ordered.map(({ lotId }) => (lotId === null ? undefined : lotIds.indexOf(lotId)));
  const { before } = needsOf(ordered, rows, lotIds.length);
  return lotIds.every((lotId, row) => before[row]! <= (left.get(lotId) ?? 0));
}

interface Fold {
  /** In the order of leaving. */
  readonly lots: readonly Lot[];
  readonly rowOf: ReadonlyMap<number, number>;
  readonly left: Float64Array;
  /** Units that later movements name, and that do not come after this moment. */
  readonly kept: Float64Array;
  unlotted: number;
}

function foldOf(lots: readonly Lot[], opening: LotsLeft | undefined): Fold {
  const ordered = [...lots].sort(byExpiry);
  return {
    lots: ordered,
    rowOf: new Map(ordered.map((lot, i) => [lot.lotId, i])),
    left: Float64Array.from(ordered, ({ lotId }) => opening?.left.get(lotId) ?? 0),
    kept: new Float64Array(ordered.length),
    unlotted: opening?.unlotted ?? 0,
  };
}

/**
 * Units of each lot that have to be there for movements that name it: before all flows, and after each that names a lot.
 * Backwards: need = need + what leaves by name, need = max(0, need - what comes).
 */
function needsOf(flows: readonly StockFlow[], rows: readonly (number | undefined)[], lots: number) {
  const before = new Float64Array(lots);
  const after = new Float64Array(flows.length);
  for (let i = flows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row === undefined) continue;
    after[i] = before[row]!;
    before[row] = Math.max(0, before[row]! - flows[i]!.quantity);
  }
  return { before, after };
}

/** By day; within it what comes, what names its lot, what expired, all else. */
function inOrder(a: StockFlow, b: StockFlow): number {
  return compare(a.day, b.day) || rankOf(a) - rankOf(b);
}

function rankOf({ quantity, lotId, isExpiry }: StockFlow): number {
  if (quantity >= 0) return 0;
  if (lotId !== null) return 1;
  return isExpiry ? 2 : 3;
}

function comeIn(fold: Fold, row: number | undefined, units: number): void {
  if (row === undefined) {
    fold.unlotted += units;
    return;
  }
  const owed = Math.min(units, Math.max(0, -fold.unlotted));
  fold.unlotted += owed;
  fold.left[row]! += units - owed;
}

/** Takes so much of a lot, leaving what is kept of it; answers what it took. */
function take(fold: Fold, row: number, units: number, kept: number): number {
  const taken = Math.min(units, Math.max(0, fold.left[row]! - kept));
  fold.left[row]! -= taken;
  return taken;
}

function takeUnlotted(fold: Fold, units: number): number {
  const taken = Math.min(units, Math.max(0, fold.unlotted));
  fold.unlotted -= taken;
  return taken;
}

function goOut(fold: Fold, units: number, { day, isExpiry }: StockFlow): void {
  let rest = units;
  const isPast = (row: number) => (fold.lots[row]!.expiryDate ?? KEEPS) < day;
  const takeThose = (which: (row: number) => boolean, keepsNamed: boolean) => {
    for (let row = 0; row < fold.lots.length && rest > 0; row++) {
      if (which(row)) rest -= take(fold, row, rest, keepsNamed ? fold.kept[row]! : 0);
    }
  };
  if (rest > 0 && isExpiry) takeThose(isPast, true);
  takeThose((row) => !isPast(row), true);
  rest -= takeUnlotted(fold, rest);
  takeThose(isPast, true);
  takeThose(() => true, false);
  fold.unlotted -= rest;
}
