import type { DayEvents } from '../../shared/core/simulate/day-events.ts';
import { csvLine } from '../forecast/write-whole.ts';
import type { WholeFiles } from './whole-files.ts';

const HEADER = 'date,product_id,location_id,wanted,expected,sold,substituted,lost,discount,on_hand';

/** Begins the file of the ground truth; each day is then handed to the answer. */
export function writeTruth(files: WholeFiles, file: string): (events: DayEvents) => void {
  const truth = files.add(file, HEADER);
  return ({ date, truth: rows }) => {
    for (const row of rows)
      truth.line(
        csvLine([
          date,
          row.productId,
          row.locationId,
          row.wanted,
          row.expected,
          row.sold,
          row.substituted,
          row.lost,
          row.discount,
          row.onHand,
        ]),
      );
  };
}
