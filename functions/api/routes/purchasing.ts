import * as z from 'zod';
import {
  ApprovalLimit,
  AutoRestockResult,
  AutoRestockRule,
  AutoRestockRuleChange,
  LimitPath,
  NewAutoRestockRule,
  NewLimit,
  PurchasingSettings,
  PurchasingSettingsChange,
} from '../../../shared/contracts/api/purchasing.ts';
import {
  listApprovalLimits,
  readPurchasingSettings,
} from '../../../shared/data/purchasing/approval-limit-store.ts';
import { listAutoRestockRules } from '../../../shared/data/suggestions/auto-restock-store.ts';
import { autoRestock, previewAutoRestock } from '../../restock/auto-restock.ts';
import { DECIDERS, READERS } from '../http/roles.ts';
import { type Route, route } from '../http/route.ts';
import {
  changeAutoRestockRule,
  changePurchasingSettings,
  createAutoRestockRule,
  removeApprovalLimit,
  removeAutoRestockRule,
  setApprovalLimit,
} from '../purchasing/keep-purchasing.ts';

const rulePath = z.object({ id: z.string() });

const runRules = (path: string, summary: string): Route =>
  route({
    method: 'POST',
    path,
    summary,
    roles: DECIDERS,
    answer: AutoRestockResult,
    effect: 'creates',
    run: ({ now }, { db }) => autoRestock(db, now()),
  });

export const purchasingRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/approval-limits',
    summary: 'Up to which amount each role may approve purchase orders; an approver without a limit any',
    roles: READERS,
    answer: z.object({ data: z.array(ApprovalLimit) }),
    run: async (_, { db }) => ({ data: await listApprovalLimits(db) }),
  }),
  route({
    method: 'PUT',
    path: '/approval-limits/{role}/{currency}',
    summary: 'Say up to which amount a role may approve; null for any',
    roles: ['admin'],
    params: LimitPath,
    body: NewLimit,
    answer: ApprovalLimit,
    run: (_, { db, params, body, user }) => setApprovalLimit(db, params, body, user.username),
  }),
  route({
    method: 'DELETE',
    path: '/approval-limits/{role}/{currency}',
    summary: 'Take a limit away; answers what it was',
    roles: ['admin'],
    params: LimitPath,
    answer: ApprovalLimit,
    run: (_, { db, params, user }) => removeApprovalLimit(db, params, user.username),
  }),
  route({
    method: 'GET',
    path: '/purchasing/settings',
    summary: 'Whether nobody approves their own orders, and how much more than ordered may come',
    roles: READERS,
    answer: PurchasingSettings,
    run: (_, { db }) => readPurchasingSettings(db),
  }),
  route({
    method: 'PUT',
    path: '/purchasing/settings',
    summary: 'Change what is given of the settings of purchasing',
    roles: ['admin'],
    body: PurchasingSettingsChange,
    answer: PurchasingSettings,
    run: (_, { db, body, user }) => changePurchasingSettings(db, body, user.username),
  }),
  route({
    method: 'GET',
    path: '/auto-restock/rules',
    summary:
      'Rules under which a draft becomes an order without a person, in the order in which they are asked',
    roles: READERS,
    answer: z.object({ data: z.array(AutoRestockRule) }),
    run: async (_, { db }) => ({ data: await listAutoRestockRules(db) }),
  }),
  route({
    method: 'POST',
    path: '/auto-restock/rules',
    summary: 'Make a rule within your own limit of approval; it is off until it is switched on',
    roles: DECIDERS,
    body: NewAutoRestockRule,
    answer: AutoRestockRule,
    status: 201,
    effect: 'creates',
    run: (_, { db, body, user }) => createAutoRestockRule(db, body, user),
  }),
  route({
    method: 'PUT',
    path: '/auto-restock/rules/{id}',
    summary: 'Change what is given of a rule, or switch it on or off',
    roles: DECIDERS,
    params: rulePath,
    body: AutoRestockRuleChange,
    answer: AutoRestockRule,
    run: (_, { db, params: { id }, body, user }) => changeAutoRestockRule(db, id, body, user),
  }),
  route({
    method: 'DELETE',
    path: '/auto-restock/rules/{id}',
    summary: 'Take a rule away; what it has ordered stays',
    roles: DECIDERS,
    params: rulePath,
    answer: AutoRestockRule,
    run: (_, { db, params: { id }, user }) => removeAutoRestockRule(db, id, user.username),
  }),
  route({
    method: 'GET',
    path: '/auto-restock/preview',
    summary: 'What the rules would order now, and what not and why, without ordering it',
    roles: READERS,
    answer: AutoRestockResult,
    run: ({ now }, { db }) => previewAutoRestock(db, now()),
  }),
  runRules(
    '/auto-restock/run',
    'Order now what the rules allow, as after every plan; again orders nothing twice',
  ),
  runRules('/auto_restock', 'The same as POST /auto-restock/run'),
];
