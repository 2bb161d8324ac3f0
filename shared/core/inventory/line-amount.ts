/**
 * What so many units cost, in cents and halves up, as the database computes it: in whole ten-thousandths, as no double is
 * 1.005. Orders are the sums of these: 35 at 0.3333 are 11.67.
 */
export const lineAmount = (units: number, unitCost: number): number =>
  Math.round((units * Math.round(unitCost * 1e4)) / 100) / 100;
