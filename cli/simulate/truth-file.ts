import type { DayEvents } from '../../shared/core/simulate/day-events.ts';
import { traitsOf } from '../../shared/core/simulate/realistic/market-traits.ts';
import type { MarketSettings, SimulationSettings } from '../../shared/core/simulate/settings.ts';
import { csvLine } from '../forecast/write-whole.ts';
import type { WholeFiles } from './whole-files.ts';

const HEADER = 'date,product_id,location_id,wanted,expected,sold,substituted,lost,discount,on_hand';
const PARAMETERS =
  'product_id,location_id,category,level,trend,law,shape,mean_size,elasticity,sunday,monday,tuesday,wednesday,thursday,friday,saturday,year_amplitude,year_peak,substitution,supplier_id,lead_time_days,lead_time_deviation,minimum_quantity,order_multiple';

/**
 * Begins the file of the ground truth; each day is then handed to the answer. Of a market the parameters go into a file
 * beside it: `truth.csv` has `truth.parameters.csv`, `truth.csv.gz` a compressed one.
 */
export function writeTruth(
  files: WholeFiles,
  file: string,
  settings: SimulationSettings,
): (events: DayEvents) => void {
  const truth = files.add(file, HEADER);
  const [, name, gzip] = /^(.*?)(?:\.csv)?(\.gz)?$/s.exec(file)!;
  const parameters = files.add(`${name}.parameters.csv${gzip ?? ''}`, PARAMETERS, { onlyWithLines: true });
  if (settings.demand === 'realistic') for (const line of parameterLines(settings)) parameters.line(line);
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

function* parameterLines(settings: MarketSettings): Generator<string> {
  const { items, products, categories, supplierItems } = traitsOf(settings);
  for (const { productId, locationId, product, category, level, trend, law } of items) {
    const { name, week, yearAmplitude, yearPeak, substitution } = categories[category]!;
    const terms = supplierItems[product]!;
    yield csvLine([
      productId,
      locationId,
      name,
      level,
      trend,
      law.kind,
      law.kind === 'counts' ? law.shape : '',
      law.kind === 'compound' ? law.meanSize : '',
      products[product]!.elasticity,
      ...week,
      yearAmplitude,
      yearPeak,
      substitution,
      terms.supplierId,
      terms.leadTimeDays,
      terms.leadTimeDeviation,
      terms.minimumQuantity,
      terms.orderMultiple,
    ]);
  }
}
