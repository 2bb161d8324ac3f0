/** What the import of the whole sample comes to; a test imports it and compares. */
export const SAMPLE_COUNTS = {
  /** Order lines of UCI Online Retail, December 2010 to July 2011. */
  orderLines: 285_421,
  /** Rows of the invented supplier items that are wrong on purpose. */
  rejectedRows: 5,
  /** Lines that took more than opening stock and receipts had brought. */
  shortages: 721,
  /** Cancellation lines that took back the demand of the line they match. */
  takenBack: 1_451,
  /** The last day of the data. */
  asOf: '2011-07-31',
} as const;
