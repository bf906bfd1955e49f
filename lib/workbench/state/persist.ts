import type { Store } from './create-store';

type Checked<T> = { value: T; issues?: undefined } | { issues: readonly unknown[] };
/** A schema of zod, or of zod/mini (a fraction of its size) for what the first load needs. */
type Checker<T> = { readonly '~standard': { readonly validate: (value: unknown) => Checked<T> | Promise<Checked<T>> } };

/**
 * Keeps a store in localStorage from now on and loads what is there. What does not parse (another version, another
 * hand) is ignored: the page then starts with its defaults. A full or forbidden storage costs only the memory of the
 * layout.
 */
export function persistStore<T>(store: Store<T>, key: string, schema: Checker<T>): void {
  const saved = readStorage(key);
  if (saved !== null) {
    const checked = schema['~standard'].validate(parseJson(saved));
    if (!(checked instanceof Promise) && !checked.issues) {
      store.set(checked.value);
    }
  }
  store.subscribe(() => writeStorage(key, JSON.stringify(store.get())));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readStorage(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function writeStorage(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch (error) {
    console.warn('The layout could not be remembered in this browser.', error);
  }
}
