type Listener = (file: string) => void;

let listener: Listener | undefined;

/** Tells from now on which file is being read, so that what holds the reader up or ends it has a name. */
export function tellWhereabouts(told: Listener | undefined): void {
  listener = told;
}

/** Called before a file of the set is read. */
export function reading(file: string): void {
  listener?.(file);
}
