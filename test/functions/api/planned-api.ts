import { type Item, planThrough, plantItems } from '../planning/planning-fixture.ts';
import { type Api, openApi } from './api-fixture.ts';

/** The API over items that are planned once. */
export async function openPlanned(items: readonly Item[]): Promise<Api> {
  const api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  await plantItems(api.database, items);
  await planThrough(api.database);
  return api;
}
