/** What must end when everything ends, last begun first. */
export interface Endings {
  /** Notes how a thing ends, and hands it back. */
  add<T>(value: T, end: (value: T) => Promise<void> | void): T;
  /** Ends everything once, however often it is asked; what fails to end does not keep the rest. */
  close(): Promise<void>;
}

/** Nothing has begun yet. */
export function openEndings(): Endings {
  const endings: (() => Promise<void> | void)[] = [];
  let closing: Promise<void> | undefined;
  const endAll = async () => {
    const failures: unknown[] = [];
    for (let end = endings.pop(); end; end = endings.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parts did not end well`);
  };
  return {
    add(value, end) {
      endings.push(() => end(value));
      return value;
    },
    close() {
      closing ??= endAll();
      return closing;
    },
  };
}
