/** How numbers and times are written in a file, and where its clocks stood. */
export interface CellStyle {
  readonly decimal: '.' | ',';
  /** Order of the parts of a date with slashes, dots or dashes; ISO dates are read whatever it is. */
  readonly dates: 'day-first' | 'month-first';
  /** Nothing said or showed the decimal mark: units such as `2.000` are refused. */
  readonly isDecimalOpen?: boolean;
  /** Nothing said or showed the order of dates: one that can be read both ways is refused. */
  readonly isDateOrderOpen?: boolean;
  /** IANA name of the zone of times that state none. */
  readonly timeZone: string;
}

/** How cells are read when nobody says otherwise: `1,234.50`, `12/31/2024`, UTC. */
export const DEFAULT_STYLE: CellStyle = { decimal: '.', dates: 'month-first', timeZone: 'UTC' };

let current = DEFAULT_STYLE;

/** The style that cells are being read in. */
export const currentStyle = (): CellStyle => current;

/**
 * Reads cells in a style: `inStyle(style, () => format.row.safeParse(cells))`. The cells of a template are constants,
 * so the style reaches them from here; `read` has to be synchronous.
 */
export function inStyle<T>(style: CellStyle, read: () => T): T {
  const before = current;
  current = style;
  try {
    return read();
  } finally {
    current = before;
  }
}
