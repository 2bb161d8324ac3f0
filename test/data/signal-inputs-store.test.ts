import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSignals } from '../../shared/data/demand/signal-inputs-store.ts';
import { MOST_NAMES } from '../../shared/data/demand/signal-store.ts';
import { seriesName } from '../../shared/data/forecasts/series-store.ts';
import { json } from '../../shared/data/sql/database.ts';
import { openTestDatabase } from '../database.ts';
import { plantItems } from '../functions/planning/planning-fixture.ts';

const AS_OF = '2011-12-09';
const SERIES = 250;

let db: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  db = await openTestDatabase({ brokenOnPurpose: ['demand'] });
});
afterAll(() => db.close());

test('a whole chunk of series with signals of all names in all scopes is read, the most specific counts', async () => {
  const products = Array.from({ length: SERIES }, (_, i) => `${'A-LONG-PRODUCT-NUMBER-'.repeat(2)}${i}`);
  await plantItems(
    db.database,
    products.map((productId) => ({ productId, demand: [[AS_OF, 1]] as const })),
  );
  await db.database.write(`UPDATE products SET category = 'Toys'`);
  const names = Array.from(
    { length: MOST_NAMES },
    (_, i) => `an input whose name is as long as the names of inputs get, ${i}`,
  );
  const scopes = [
    ['all', ''],
    ['location', 'MAIN'],
    ['category', 'Toys'],
    ...products.map((id) => ['product', id]),
  ];
  await db.database.write(
    `INSERT INTO demand_signal (name, kind, scope, scope_key, future)
     SELECT n.name, 'other', s.scope, s.scope_key, 'known'
       FROM JSON_TABLE(:names, '$[*]' COLUMNS (name VARCHAR(60) PATH '$')) AS n
       JOIN JSON_TABLE(:scopes, '$[*]' COLUMNS (scope VARCHAR(10) PATH '$[0]', scope_key VARCHAR(100) PATH '$[1]')) AS s`,
    { names: json(names), scopes: json(scopes) },
  );
  await db.database.write(
    `INSERT INTO demand_signal_value (signal_id, day, value)
     SELECT signal_id, '${AS_OF}', CASE WHEN scope = 'product' THEN 7 ELSE 1 END FROM demand_signal`,
  );
  const keys = products.map((productId) => ({ productId, locationId: 'MAIN' }));
  const said = await readSignals(db.database, keys, { asOf: AS_OF, periods: 10, horizon: 13 });
  expect(said.size).toBe(SERIES);
  for (const key of keys) {
    const own = said.get(seriesName(key))!;
    expect(own.size).toBe(MOST_NAMES);
    for (const { sums } of own.values()) expect(sums).toEqual([[0, 7, 1]]);
  }
});
