/** The kinds of an error, its own and those it extends, under a key that every copy of this module shares. */
const KINDS = Symbol.for('looktwice.error-kinds');

/**
 * An error that `instanceof` recognises although another copy of its module made it: the server's start, every route of
 * Next.js and the command line are bundles with copies of their own, and errors pass between them (the engine, made at
 * the start, throws into routes).
 */
export abstract class KnownError extends Error {
  /** A stable name of the kind; every subclass that `instanceof` asks for has its own. */
  static readonly kind: string = 'KnownError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    const kinds: string[] = [];
    for (let made: unknown = new.target; typeof made === 'function'; made = Object.getPrototypeOf(made)) {
      if (Object.hasOwn(made, 'kind')) {
        kinds.push(String(Reflect.get(made, 'kind')));
      }
    }
    Object.defineProperty(this, KINDS, { value: kinds });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!Object.hasOwn(this, 'kind')) {
      throw new TypeError(`${this.name} needs a kind of its own to be recognised`);
    }
    const kinds: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, KINDS) : undefined;
    return Array.isArray(kinds) && kinds.includes(this.kind);
  }
}
