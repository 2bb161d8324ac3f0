import { addDays } from '../calendar/add-days.ts';
import type { ExplanationNumber } from './explanation.ts';
import { inventoryPosition, type StockState } from './position.ts';
import { ceilToMultiple } from './round-quantity.ts';

/** Share of the initial stock at which it is ordered again. */
export const INITIAL_STOCK_SHARE = 0.25;

export interface InitialStockInput extends StockState {
  /** Units that the product began with. */
  readonly initialStock: number;
  readonly minimumQuantity: number;
  readonly orderMultiple: number;
  readonly leadTimeDays: number;
  readonly asOf: string;
}

export interface InitialStockAdvice {
  /** 0 while the position is above the reorder point. */
  readonly quantity: number;
  readonly expectedDate: string;
  readonly explanation: readonly ExplanationNumber[];
  readonly words: string;
}

/**
 * The rule for a product without any history and nothing to compare it with:
 *   reorder point = ceil(0.25 initial stock), order up to the initial stock; 40 units at first: at 10, order 30
 */
export function orderByInitialStock(input: InitialStockInput): InitialStockAdvice {
  const { initialStock, minimumQuantity, orderMultiple, asOf } = input;
  const position = inventoryPosition(input);
  const reorderPoint = Math.max(0, Math.ceil(INITIAL_STOCK_SHARE * initialStock));
  const orderUpTo = Math.max(reorderPoint, initialStock);
  const isDue = position <= reorderPoint && position < orderUpTo;
  const quantity = isDue ? ceilToMultiple(Math.max(orderUpTo - position, minimumQuantity), orderMultiple) : 0;
  const number = (name: string, value: number | string, unit: string, from: string): ExplanationNumber => ({
    name,
    value,
    unit,
    from,
  });
  return {
    quantity,
    expectedDate: addDays(asOf, Math.ceil(input.leadTimeDays)),
    explanation: [
      number('onHand', input.onHand, 'units', 'stock ledger'),
      number('onOrder', input.onOrder, 'units', 'approved purchase orders not yet received'),
      number('committed', input.committed, 'units', 'orders not yet shipped'),
      number('position', position, 'units', 'onHand + onOrder - committed'),
      number('initialStock', initialStock, 'units', 'first movement of the stock ledger'),
      number('leadTimeDays', input.leadTimeDays, 'days', 'supplier item'),
      number('reorderPoint', reorderPoint, 'units', `ceil(${INITIAL_STOCK_SHARE} initialStock)`),
      number('orderUpTo', orderUpTo, 'units', 'initialStock'),
      number('minimumQuantity', minimumQuantity, 'units', 'supplier item'),
      number('orderMultiple', orderMultiple, 'units', 'supplier item'),
      number(
        'quantity',
        quantity,
        'units',
        isDue
          ? 'position <= reorderPoint: ceilToMultiple(max(orderUpTo - position, minimumQuantity), orderMultiple)'
          : '0, as position > reorderPoint or position >= orderUpTo',
      ),
    ],
    words: `The position of ${position} units is ${isDue ? 'not above' : 'above'} a quarter of the ${initialStock} units that it began with${isDue ? `, so order up to those: ${quantity} units` : ''}.`,
  };
}
