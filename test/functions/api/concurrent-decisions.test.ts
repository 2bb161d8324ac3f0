import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { restockRun } from '../../../functions/restock/restock-run.ts';
import { approvePurchaseOrder } from '../../../shared/data/purchasing/purchase-order-store.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import { dismissSuggestion, holdSuggestion } from '../../../shared/data/suggestions/suggestion-decisions.ts';
import { calmDelivery, MemoryQueue, plantItems, plantRun } from '../planning/planning-fixture.ts';
import { type Answer, type Api, openApi } from './api-fixture.ts';

/** Two people decide about one suggestion at once: the second is answered what the first has left. */

const PRODUCTS = ['A', 'B', 'C', 'D'];
let api: Api;
beforeAll(async () => {
  api = await openApi({}, { brokenOnPurpose: ['demand', 'ledger'] });
  await plantItems(
    api.database,
    PRODUCTS.map((productId) => ({ productId, supplierId: `OF ${productId}`, onHand: 0, demand: [] })),
  );
  await plantRun(api.database, 'run', [PRODUCTS.map((productId) => ({ productId, locationId: 'MAIN' }))]);
  const ready = { type: 'ForecastsReady', runId: 'run' } as const;
  await restockRun({ database: api.database, restockQueue: new MemoryQueue() }, ready, calmDelivery);
}, 120_000);
afterAll(() => api.close());

const Row = z.object({ suggestion_id: z.int(), purchase_order_id: z.int(), quantity: z.int() });
const open = async (productId: string) => {
  const [row] = await api.database.select(
    Row,
    `SELECT suggestion_id, purchase_order_id, quantity FROM suggestion WHERE product_id = :productId`,
    { productId },
  );
  return row!;
};

/** Asks while another one is in the middle of `act`, and waits for both. */
async function askDuring(
  act: (tx: Statements) => Promise<unknown>,
  target: string,
  body: object,
): Promise<Answer> {
  let asked: Promise<Answer> | undefined;
  await api.database.transaction(async (tx) => {
    await act(tx);
    asked ??= api.ask('POST', target, { as: 'buyer', body });
    await pause(400);
  });
  return asked!;
}

describe('who decides about a suggestion while somebody else', () => {
  it('approves its order is told that it is ordered, and orders nothing twice', async () => {
    const { suggestion_id: id, purchase_order_id: order } = await open('A');
    const answer = await askDuring(
      (tx) => approvePurchaseOrder(tx, order, 'ann'),
      `/suggestions/${id}/order`,
      {},
    );
    expect(answer.status).toBe(200);
    expect(answer.json.suggestion).toMatchObject({ status: 'ordered', purchase_order_id: order });
  });

  it('puts it off to the same day is told who did', async () => {
    const { suggestion_id: id } = await open('B');
    const until = '2011-12-20';
    const putOff = async (tx: Statements) => {
      await holdSuggestion(tx, id);
      await tx.write(
        `UPDATE suggestion SET status = 'snoozed', snoozed_until = :until, decided_by = 'ann', purchase_order_id = NULL
          WHERE suggestion_id = :id`,
        { id, until },
      );
    };
    const answer = await askDuring(putOff, `/suggestions/${id}/snooze`, { until });
    expect(answer.json).toMatchObject({ status: 'snoozed', snoozed_until: until, decided_by: 'ann' });
  });

  it('says no to it is told of the no', async () => {
    const { suggestion_id: id } = await open('C');
    const dismiss = (tx: Statements) => dismissSuggestion(tx, id, { user: 'ann', reason: 'no' });
    const answer = await askDuring(dismiss, `/suggestions/${id}/dismiss`, {});
    expect(answer.json).toMatchObject({ status: 'dismissed', decided_by: 'ann', decided_why: 'no' });
    expect((await api.ask('POST', `/suggestions/${id}/order`, { as: 'buyer' })).status).toBe(409);
  });

  it('changes its quantity without asking for its draft sees the new one', async () => {
    const { suggestion_id: id, quantity } = await open('D');
    const change = (tx: Statements) =>
      tx.write(`UPDATE suggestion SET quantity = quantity + 1 WHERE suggestion_id = :id`, { id });
    const seen = await askDuring(change, `/suggestions/${id}/dismiss`, { seen_quantity: quantity });
    expect(seen.status).toBe(409);
    const late = await askDuring(change, `/suggestions/${id}/dismiss`, { seen_quantity: quantity + 2 });
    expect(late.json).toMatchObject({ status: 'dismissed', quantity: quantity + 2 });
  });
});
