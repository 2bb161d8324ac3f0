const units = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4 });
const precise3 = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });

export const formatUnits = (value: number): string => units.format(value);

/** Four digits are enough of a simulated number, and a share keeps its decimals. */
export const formatNumber = (value: number): string =>
  Math.abs(value) >= 1000 ? units.format(value) : precise.format(value);

/** A share as people read it, `12.3 %`; a dash where it is unknown. */
export function formatPercent(share: number | null, sign: 'signed' | 'plain' = 'plain'): string {
  if (share === null) return '–';
  const text = new Intl.NumberFormat('en-GB', {
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
    signDisplay: sign === 'signed' ? 'exceptZero' : 'auto',
  }).format(100 * share);
  return `${text} %`;
}

/** An exact amount, "1234.5000", as people read it; the currency is the data's, so it is not named here. */
export function formatMoney(amount: string): string {
  return new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
    Number(amount),
  );
}

export const formatDay = (day: string): string =>
  new Date(`${day.slice(0, 10)}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });

/** An instant as `21 Nov 2026, 14:05`, in UTC as all times of the books. */
export const formatTime = (instant: string): string =>
  new Date(instant).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  });

/** `12 bytes`, `3.4 kB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 3);
  return `${precise3.format(bytes / 1000 ** power)} ${['', 'kB', 'MB', 'GB'][power]}`;
}

/** `1 line`, `2,000 lines`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${units.format(count)} ${count === 1 ? one : many}`;
