import { useRef, useSyncExternalStore } from 'react';

/** A value with listeners: enough state management for one page, with no dependency. */
export type Store<T> = {
  get: () => T;
  /** Replaces the value; the same reference means no change and wakes nobody. */
  set: (next: T | ((current: T) => T)) => void;
  subscribe: (listener: () => void) => () => void;
};

/** Makes a store that starts with `initial`. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const resolved = typeof next === 'function' ? (next as (current: T) => T)(value) : next;
      if (Object.is(resolved, value)) {
        return;
      }
      value = resolved;
      listeners.forEach((listener) => listener());
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Whether two selections are equal one level deep, so that a selector may build an array or object. */
function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.is(Reflect.get(a, key), Reflect.get(b, key)))
  );
}

/** Reads a part of a store and renders again only when that part changes (compared one level deep). */
export function useStore<T, S>(store: Pick<Store<T>, 'get' | 'subscribe'>, select: (value: T) => S): S {
  const last = useRef<{ selected: S } | null>(null);
  const read = () => {
    const selected = select(store.get());
    if (last.current && shallowEqual(last.current.selected, selected)) {
      return last.current.selected;
    }
    last.current = { selected };
    return selected;
  };
  return useSyncExternalStore(store.subscribe, read, read);
}
