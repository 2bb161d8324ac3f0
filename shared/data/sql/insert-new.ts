import { Fault } from '../../contracts/fault.ts';
import { databaseErrorNumber } from './data-api-errors.ts';
import type { Params, Statements } from './database.ts';

const DUPLICATE_KEY = 1062;
const NO_PARENT = 1452;

/**
 * Makes a row by an INSERT that cuts nothing off and lets nothing pass; false when its key is taken. Fault `missing`
 * when something that it names is gone. After either the transaction should do no more.
 */
export async function insertNew(tx: Statements, sql: string, params: Params): Promise<boolean> {
  try {
    await tx.write(sql, params);
    return true;
  } catch (error) {
    const number = databaseErrorNumber(error);
    if (number === DUPLICATE_KEY) return false;
    if (number === NO_PARENT)
      throw new Fault('missing', 'Something that it names is not there', { cause: error });
    throw error;
  }
}
