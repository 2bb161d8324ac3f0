import { fileURLToPath } from 'node:url';

/** One file of the sample, and where it is dropped. */
export interface SampleFile {
  readonly key: string;
  readonly path: string;
}

const file = (name: string): SampleFile => ({
  key: `drop/${name}`,
  path: fileURLToPath(new URL(name, import.meta.url)),
});

/**
 * The sample in the order in which it must be imported: what is sold and by whom it is supplied, its terms and first
 * stock, what was received, and then what was sold. Files of one phase may be imported at the same time.
 */
export const SAMPLE_PHASES: readonly (readonly SampleFile[])[] = [
  [file('synthetic-suppliers.csv.gz'), file('synthetic-sellers.csv.gz'), file('synthetic-products.csv.gz')],
  [file('synthetic-supplier-items.csv.gz'), file('synthetic-stock-on-hand.csv.gz')],
  [file('synthetic-receipts.csv.gz')],
  [file('online-retail-2010-12-to-2011-07.csv.gz')],
];
