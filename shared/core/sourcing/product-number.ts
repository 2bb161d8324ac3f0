const LEAST_DIGITS = 4;

/**
 * Identifier of a product that was found for a country on a day: country, YYMMDD, and the serial number of the day.
 *   US, 2025-07-21, 7 -> `US2507210007`
 */
export function productNumber(country: string, day: string, serial: number): string {
  if (!/^[A-Z]{2}$/.test(country)) throw new RangeError(`country ${country}`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`day ${day}`);
  if (!Number.isSafeInteger(serial) || serial < 1) throw new RangeError(`serial ${serial}`);
  return `${country}${day.slice(2).replaceAll('-', '')}${String(serial).padStart(LEAST_DIGITS, '0')}`;
}
