import { Fault } from '../../../shared/contracts/fault.ts';

/** The thing itself, or Fault `missing` that names it. */
export function found<T>(value: T | undefined, what: string, id: string | number): T {
  if (value === undefined) throw new Fault('missing', `There is no ${what} ${id}`);
  return value;
}
