/**
 * Runs up to `depth` items ahead of the consumer, so that decoding the next images overlaps with inspecting this one.
 * Order is kept; an error reaches the consumer at its place.
 */
export async function* lookAhead<T>(source: AsyncIterable<T>, depth: number): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const pending: Promise<IteratorResult<T>>[] = [];
  const request = (): void => {
    const next = iterator.next();
    // Handled when it is consumed; without this an early error would count as unhandled meanwhile.
    next.catch(() => undefined);
    pending.push(next);
  };
  try {
    for (let ahead = 0; ahead < depth; ahead += 1) {
      request();
    }
    for (;;) {
      request();
      const result = await (pending.shift() as Promise<IteratorResult<T>>);
      if (result.done) {
        return;
      }
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
