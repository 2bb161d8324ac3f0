/** The same items, the next one made while the current one is worked on. */
export async function* ahead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let coming = source.next(); ; ) {
      const { value, done } = await coming;
      if (done) return;
      coming = source.next();
      // It is awaited in the next round; a failure before that is not unhandled.
      coming.catch(() => undefined);
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}
