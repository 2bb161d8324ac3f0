/**
 * The least value of a cost on a grid, refined by golden section between the neighbours of the best point. Exact for one
 * valley, and never worse than the grid.
 */
export function goldenSection(
  grid: readonly number[],
  cost: (x: number) => number,
  tolerance = 1e-7,
): number {
  const costs = grid.map(cost);
  let best = 0;
  for (let i = 1; i < grid.length; i++) if (costs[i]! < costs[best]!) best = i;
  let low = grid[Math.max(0, best - 1)]!;
  let high = grid[Math.min(grid.length - 1, best + 1)]!;
  const golden = (Math.sqrt(5) - 1) / 2;
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let atLeft = cost(left);
  let atRight = cost(right);
  for (let i = 0; i < 80 && high - low > tolerance; i++) {
    if (atLeft <= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - golden * (high - low);
      atLeft = cost(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + golden * (high - low);
      atRight = cost(right);
    }
  }
  const refined = Math.min(atLeft, atRight);
  if (!(refined < costs[best]!)) return grid[best]!;
  return atLeft <= atRight ? left : right;
}
