import * as z from 'zod';
import { pageQuery, priceInput, serialParam } from '../../../shared/contracts/api/inputs.ts';
import { Day, pageOf, Suggestion } from '../../../shared/contracts/api/page.ts';
import { SupplierNeed } from '../../../shared/contracts/api/planning.ts';
import {
  DecisionReason,
  EditSuggestion,
  SnoozeSuggestion,
  WhySuggested,
} from '../../../shared/contracts/api/replenishment.ts';
import { toDecimal } from '../../../shared/contracts/csv/cells.ts';
import { readActionDay } from '../../../shared/data/planning/business-day.ts';
import type { Statements } from '../../../shared/data/sql/database.ts';
import {
  type Decision,
  dismissSuggestion,
  reopenSuggestion,
  snoozeSuggestion,
} from '../../../shared/data/suggestions/suggestion-decisions.ts';
import {
  findSuggestion,
  listSuggestions,
  listSupplierNeeds,
} from '../../../shared/data/suggestions/suggestion-reads.ts';
import { explainSeries } from '../forecasts/explain-series.ts';
import { found } from '../http/found.ts';
import { DECIDERS, READERS } from '../http/roles.ts';
import { route, type User } from '../http/route.ts';
import { changeQuantity, orderNow } from '../suggestions/decide-suggestion.ts';

const serial = z.object({ id: serialParam });
const BUYERS = ['planner', 'buyer'] as const;

const decisionOf = (
  { reason, seen_quantity: seen }: z.infer<typeof DecisionReason>,
  { username }: User,
): Decision => ({ user: username, reason, seen });

export const suggestionRoutes = [
  route({
    method: 'GET',
    path: '/suggestions',
    summary: 'What to order and why: those that are open, the most money at risk first',
    roles: READERS,
    query: z.object({
      ...pageQuery(200),
      status: z.enum(['open', 'ordered', 'withdrawn', 'dismissed', 'snoozed', 'all']).default('open'),
      kind: z.enum(['purchase', 'transfer']).optional(),
      supplier_id: z.string().optional(),
      product_id: z.string().optional(),
      location_id: z.string().optional(),
      category: z.string().optional(),
      /** Such as AX, or one letter of it. */
      class: z
        .string()
        .regex(/^([ABC][XYZ]?|[XYZ])$/)
        .optional(),
      due_before: Day.optional(),
      min_value: priceInput.optional(),
      /** Lasts at least so many days: what a supplier's minimum makes of little demand. */
      min_cover_days: z.coerce.number().min(0).max(1_000_000).optional(),
      sort: z.enum(['risk', 'order_by', 'cost', 'cover']).default('risk'),
    }),
    answer: pageOf(Suggestion),
    run: (_, { db, query }) =>
      listSuggestions(
        db,
        {
          status: query.status === 'all' ? undefined : query.status,
          kind: query.kind,
          supplierId: query.supplier_id,
          productId: query.product_id,
          locationId: query.location_id,
          category: query.category,
          className: query.class,
          dueBefore: query.due_before,
          minCoverDays: query.min_cover_days,
          minValue: query.min_value === undefined ? undefined : toDecimal(query.min_value),
        },
        query,
        query.sort,
      ),
  }),
  route({
    method: 'GET',
    path: '/suggestions/by-supplier',
    summary:
      'What to order from each supplier, until when, and what it lacks to the minimum, the most urgent first',
    roles: READERS,
    query: z.object({ ...pageQuery(500), location_id: z.string().optional() }),
    answer: pageOf(SupplierNeed),
    run: (_, { db, query }) => listSupplierNeeds(db, query, { locationId: query.location_id }),
  }),
  route({
    method: 'GET',
    path: '/suggestions/why',
    summary:
      'Why something is suggested for a product at a location, or why nothing is, with the same numbers',
    roles: READERS,
    query: z.object({ product_id: z.string(), location_id: z.string() }),
    answer: WhySuggested,
    run: (_, { db, query }) => explainSeries(db, query.product_id, query.location_id),
  }),
  route({
    method: 'GET',
    path: '/suggestions/{id}',
    summary: 'One suggestion with every number behind it',
    roles: READERS,
    params: serial,
    answer: Suggestion,
    run: async (_, { db, params: { id } }) => found(await findSuggestion(db, id), 'suggestion', id),
  }),
  route({
    method: 'POST',
    path: '/suggestions/{id}/edit',
    summary:
      'Order another quantity, which the supplier must sell: plans keep it until the need has grown by a quarter',
    roles: DECIDERS,
    params: serial,
    body: EditSuggestion,
    answer: Suggestion,
    run: (_, { db, params: { id }, body, user }) =>
      changeQuantity(db, id, body.quantity, decisionOf(body, user)),
  }),
  route({
    method: 'POST',
    path: '/suggestions/{id}/snooze',
    summary:
      'Put it off until a day, within a year: its line leaves the draft until then, or until the need has grown by a quarter',
    roles: DECIDERS,
    params: serial,
    body: SnoozeSuggestion,
    answer: Suggestion,
    async run({ now }, { db, params: { id }, body, user }) {
      const today = (tx: Statements) => readActionDay(tx, now());
      await snoozeSuggestion(db, id, body.until, today, decisionOf(body, user));
      return found(await findSuggestion(db, id), 'suggestion', id);
    },
  }),
  route({
    method: 'POST',
    path: '/suggestions/{id}/dismiss',
    summary: 'Say no: its line leaves the draft until the need changes',
    roles: DECIDERS,
    params: serial,
    body: DecisionReason,
    answer: Suggestion,
    async run(_, { db, params: { id }, body, user }) {
      await dismissSuggestion(db, id, decisionOf(body, user));
      return found(await findSuggestion(db, id), 'suggestion', id);
    },
  }),
  route({
    method: 'POST',
    path: '/suggestions/{id}/reopen',
    summary: 'Take back a no or a putting off',
    roles: DECIDERS,
    params: serial,
    body: DecisionReason,
    answer: Suggestion,
    async run(_, { db, params: { id }, body, user }) {
      await reopenSuggestion(db, id, decisionOf(body, user));
      return found(await findSuggestion(db, id), 'suggestion', id);
    },
  }),
  route({
    method: 'POST',
    path: '/suggestions/{id}/order',
    summary:
      'Order it now: a purchase becomes a draft of its own, a transfer is on its way; the same again changes nothing',
    roles: BUYERS,
    params: serial,
    body: DecisionReason,
    answer: z.object({ suggestion: Suggestion, transfer_id: z.string().nullable() }),
    async run({ now }, { db, params: { id }, body, user }) {
      const { suggestion, transferId } = await orderNow(db, id, decisionOf(body, user), now());
      return { suggestion, transfer_id: transferId };
    },
  }),
];
