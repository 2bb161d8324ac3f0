/** What becomes of a purchase order, from its first line to its last. */
export const PURCHASE_ORDER_STATES = [
  'draft',
  'submitted',
  'approved',
  'sent',
  'acknowledged',
  'partially_received',
  'received',
  'closed',
  'cancelled',
  'rejected',
] as const;
export type PurchaseOrderState = (typeof PURCHASE_ORDER_STATES)[number];

/** What somebody may do with one. */
export const PURCHASE_ORDER_COMMANDS = [
  'edit',
  'submit',
  'reopen',
  'approve',
  'reject',
  'send',
  'acknowledge',
  'receive',
  'reverse_receipt',
  'close',
  'cancel',
] as const;
export type PurchaseOrderCommand = (typeof PURCHASE_ORDER_COMMANDS)[number];

/** Orders of which goods are expected: they may come, and they are on order. */
export const EXPECTING = ['approved', 'sent', 'acknowledged', 'partially_received'] as const;

/** Where a command leads; `follows` where it depends on what has come so far. */
type Target = PurchaseOrderState | 'follows';

const ENDS = { close: 'closed', cancel: 'cancelled' } as const;
const COMES = { acknowledge: 'acknowledged', receive: 'follows', ...ENDS } as const;

const TRANSITIONS: Readonly<
  Record<PurchaseOrderState, Readonly<Partial<Record<PurchaseOrderCommand, Target>>>>
> = {
  draft: { edit: 'draft', submit: 'submitted', approve: 'approved', cancel: 'cancelled' },
  submitted: { reopen: 'draft', approve: 'approved', reject: 'rejected', cancel: 'cancelled' },
  approved: { send: 'sent', ...COMES },
  sent: COMES,
  acknowledged: COMES,
  // part of it is here: what is left can only be closed
  partially_received: {
    acknowledge: 'partially_received',
    receive: 'follows',
    reverse_receipt: 'follows',
    close: 'closed',
  },
  received: { receive: 'follows', reverse_receipt: 'follows', close: 'closed' },
  closed: { reverse_receipt: 'closed' },
  cancelled: {},
  rejected: {},
};

/** States in which a command has been done already, so that doing it again changes nothing. */
const DONE: Readonly<Partial<Record<PurchaseOrderCommand, readonly PurchaseOrderState[]>>> = {
  submit: ['submitted', 'approved', 'sent', 'acknowledged', 'partially_received', 'received'],
  approve: ['approved', 'sent', 'acknowledged', 'partially_received', 'received'],
  reject: ['rejected'],
  send: ['sent', 'acknowledged', 'partially_received', 'received'],
  close: ['closed'],
  cancel: ['cancelled'],
};

/** What a command does to an order in a state. */
export type Transition =
  | { readonly kind: 'moves'; readonly to: Target }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused' };

/** Whether the command leads on from the state, was done already, or is refused: the one table of the life of an order. */
export function transitionOf(state: PurchaseOrderState, command: PurchaseOrderCommand): Transition {
  const to = TRANSITIONS[state][command];
  if (to !== undefined) return { kind: 'moves', to };
  return { kind: DONE[command]?.includes(state) ? 'done' : 'refused' };
}

/** The commands that lead on from a state, for those who draw buttons. */
export const commandsFrom = (state: PurchaseOrderState): PurchaseOrderCommand[] =>
  PURCHASE_ORDER_COMMANDS.filter((command) => TRANSITIONS[state][command] !== undefined);
