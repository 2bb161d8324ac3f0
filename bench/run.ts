/**
 * `npm run bench -- [speed] [--data FILE]` times the whole product; `npm run bench -- core` times the forecasting library;
 * `npm run bench -- plan` a plan of thousands of products; `npm run bench -- restock` its suggestions alone; `npm run bench -- simulate` a simulated year; `npm run bench -- reads` the pages of a year of them;
 * `npm run bench -- ledger` imports of millions of lines and orders; `npm run bench -- accuracy --data DIR` scores forecasts beside
 * rivals; `npm run bench -- decisions --data DIR` replays policies on real demand; `npm run bench -- evaluate` times that.
 */
const [first, ...rest] = process.argv.slice(2);
const isNamed = [
  'speed',
  'core',
  'plan',
  'restock',
  'simulate',
  'reads',
  'ledger',
  'accuracy',
  'decisions',
  'evaluate',
].includes(first ?? '');
if (isNamed) process.argv.splice(2, process.argv.length, ...rest);
if (first === 'accuracy') await import('./accuracy/run.ts');
else if (first === 'decisions') await import('./decisions/run.ts');
else if (first === 'evaluate') await import('./evaluate/run.ts');
else if (first === 'core') await import('./core/run.ts');
else if (first === 'plan') await import('./plan/run.ts');
else if (first === 'restock') await import('./plan/restock.ts');
else if (first === 'simulate') await import('./simulate/run.ts');
else if (first === 'reads') await import('./reads/run.ts');
else if (first === 'ledger') await import('./ledger/run.ts');
else await import('./speed/run.ts');
