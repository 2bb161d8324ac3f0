/** Least time between two lines, so that a terminal over a slow line keeps up. */
const PAUSE_MS = 100;

/** Shows `label 12/340` on stderr while it is a terminal; silent otherwise. */
export function progressOn(label: string): (done: number, of: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let shown = 0;
  return (done, of) => {
    const now = Date.now();
    if (done < of && now - shown < PAUSE_MS) return;
    shown = now;
    process.stderr.write(`\r${label} ${done}/${of}${done < of ? '' : '\n'}`);
  };
}

/** One line on stderr. */
export function warn(line: string): void {
  process.stderr.write(`smart-inventory: ${line}\n`);
}
