/** Money in ten-thousandths as people and answers write it, with two decimals at least: 25500 is `2.55`. */
export function moneyText(amount: number): string {
  if (!Number.isFinite(amount)) throw new RangeError(`no amount of money: ${amount}`);
  const whole = Math.round(amount);
  const digits = String(Math.abs(whole)).padStart(5, '0');
  const decimals = digits.slice(-4).replace(/0+$/, '').padEnd(2, '0');
  return `${whole < 0 ? '-' : ''}${digits.slice(0, -4)}.${decimals}`;
}
