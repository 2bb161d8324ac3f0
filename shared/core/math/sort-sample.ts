/** Values up to this are counted. */
const MOST_COUNTED = 1023;
const counts = new Uint32Array(MOST_COUNTED + 1);

/** Sorts a sample in place, ascending. Most are a few units each: their values are counted, a third of the time of sorting. */
export function sortSample(sample: Float64Array): Float64Array {
  // samples of a replay come sorted
  if (isAscending(sample)) return sample;
  let most = 0;
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i]!;
    if (!Number.isInteger(value) || value < 0 || value > MOST_COUNTED) return sample.sort();
    if (value > most) most = value;
  }
  counts.fill(0, 0, most + 1);
  for (let i = 0; i < sample.length; i++) counts[sample[i]!]!++;
  let at = 0;
  for (let value = 0; value <= most; value++) {
    const end = at + counts[value]!;
    sample.fill(value, at, end);
    at = end;
  }
  return sample;
}

function isAscending(sample: Float64Array): boolean {
  for (let i = 1; i < sample.length; i++) if (!(sample[i]! >= sample[i - 1]!)) return false;
  return true;
}
