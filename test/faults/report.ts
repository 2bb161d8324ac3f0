/** What some schedules came to. */
export interface Tally {
  readonly from: number;
  schedules: number;
  steps: number;
  seconds: number;
  readonly faults: Map<string, number>;
  readonly failures: { readonly seed: number; readonly violations: readonly string[]; commands: string[] }[];
  readonly commit: string;
}

/** The result as a document. */
export function reportOf({ from, schedules, steps, seconds, faults, failures, commit }: Tally): string {
  const count = (n: number): string => n.toLocaleString('en');
  const total = [...faults.values()].reduce((sum, n) => sum + n, 0);
  return [
    '# Schedules with faults',
    '',
    'Written by `npm run faults`. A schedule is 15 to 25 commands (orders over the API, files dropped, simulated days, poison)',
    'over a few products, carried out by the real functions over a real database while chance decides which of them',
    'takes its next step and what goes wrong in it; test/faults tells how. When all has settled, the ledger, sales, demand,',
    'imports, answers and events are compared with what the commands must have done.',
    '',
    `| Schedules | Seeds | Steps | Things that went wrong | Violations | Seconds | Commit |`,
    `|---|---|---|---|---|---|---|`,
    `| ${count(schedules)} | ${from} to ${from + schedules - 1} | ${count(steps)} | ${count(total)} | ${failures.length} | ${count(Math.round(seconds))} | ${commit} |`,
    '',
    '| What went wrong | Times |',
    '|---|---|',
    ...[...faults].sort(([a], [b]) => (a < b ? -1 : 1)).map(([fault, n]) => `| ${fault} | ${count(n)} |`),
    '',
    ...failures.flatMap(({ seed, violations, commands }) => [
      `## Seed ${seed}`,
      '',
      ...violations.map((violation) => `- ${violation}`),
      '',
      ...(commands.length > 0
        ? ['Fewest commands that fail:', '', ...commands.map((c) => `    ${c}`), '']
        : []),
    ]),
  ].join('\n');
}
