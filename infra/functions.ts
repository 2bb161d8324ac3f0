/** Every function of the product: the folders of `functions/` that are deployed. */
export const FUNCTION_NAMES = [
  'ingest',
  'simulate',
  'source',
  'train',
  'plan',
  'forecast',
  'restock',
  'assess',
  'learn',
  'audit',
  'notify',
  'deliver',
  'api',
  'stream',
  'migrate',
] as const;

export type FunctionName = (typeof FUNCTION_NAMES)[number];
