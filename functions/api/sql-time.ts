/** An instant in ISO 8601 as a DATETIME(3) in UTC. */
export const sqlTime = (instant: string): string =>
  new Date(instant).toISOString().replace('T', ' ').slice(0, 23);
