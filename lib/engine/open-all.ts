type Part = { close: () => Promise<void> };

/**
 * Waits for all parts to open. When one fails, the others are still waited for and closed before its error is thrown: a
 * thread that ends while a session is being made takes the whole process with it.
 */
export async function openAll<Parts extends Part[]>(
  ...openings: { [Index in keyof Parts]: Promise<Parts[Index]> }
): Promise<Parts> {
  const results = await Promise.allSettled(openings as Promise<Part>[]);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) {
    return results.map((result) => (result as PromiseFulfilledResult<Part>).value) as Parts;
  }
  const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  await Promise.all(opened.map((part) => part.close()));
  throw failure.reason;
}
