import * as z from 'zod';
import { type CellStyle, currentStyle } from './cell-style.ts';
import { readTime, timeFault } from './time-text.ts';

/** Neighbouring lines of an order file share their time: the last answer is worth keeping. */
let last: {
  readonly text: string;
  readonly style: CellStyle | undefined;
  readonly time: string | undefined;
} = {
  text: '',
  style: undefined,
  time: undefined,
};

/** A time as `YYYY-MM-DD HH:MM:SS.mmm` in UTC, read in the style of the file. `12/1/2010 8:26` is 1 December by default. */
export const time = z.string().transform((value, context) => {
  const style = currentStyle();
  if (value !== last.text || style !== last.style)
    last = { text: value, style, time: readTime(value, style) };
  if (last.time !== undefined) return last.time;
  context.addIssue({ code: 'custom', message: timeFault(value, style) });
  return z.NEVER;
});
