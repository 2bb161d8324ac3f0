import type { ForeignFormat } from '../foreign-format.ts';

/** Every file of another system that we understand. */
export const FOREIGN_FORMATS: readonly ForeignFormat[] = [];
