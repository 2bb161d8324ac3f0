/**
 * `npm run bench -- [speed] [--data FILE]` times the whole product; `npm run bench -- accuracy --data DIR` scores
 * forecasts beside rivals.
 */
const [first, ...rest] = process.argv.slice(2);
const isNamed = first === 'speed' || first === 'accuracy';
if (isNamed) process.argv.splice(2, process.argv.length, ...rest);
await import(first === 'accuracy' ? './accuracy/run.ts' : './speed/run.ts');
