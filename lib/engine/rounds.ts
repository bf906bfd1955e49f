/**
 * Who wants something, and what it belongs to (a conversation, a kind of work): each person has turns, and within them
 * each of their things.
 */
export function queueKey(person: string, thing: string): string {
  return `${person}\n${thing}`;
}

export function personOf(key: string): string {
  return key.split('\n', 1)[0] ?? '';
}

/** The elements in the order of turns: the first of each list, then the second of each, and so on. */
function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, round) => lists.flatMap((list) => list.slice(round, round + 1))).flat();
}

/** Waiting jobs, taken in turns by person, and of one person in turns by key (`queueKey`), however many each has. */
export class Rounds<Job> {
  /** The orders of the maps are those in which persons, and their keys, have their next turn. */
  private readonly persons = new Map<string, Map<string, Job[]>>();
  /** Who had the last turn. */
  private last: string | undefined;

  get length(): number {
    let sum = 0;
    for (const person of this.persons.keys()) {
      sum += this.lengthOf(person);
    }
    return sum;
  }

  /** How many jobs of a person wait. */
  lengthOf(person: string): number {
    let sum = 0;
    for (const jobs of this.persons.get(person)?.values() ?? []) {
      sum += jobs.length;
    }
    return sum;
  }

  /** Notes a turn that was had without waiting. */
  noteTurn(person: string): void {
    this.last = person;
  }

  add(key: string, job: Job): void {
    const person = personOf(key);
    const keys = this.persons.get(person) ?? new Map<string, Job[]>();
    const isNew = keys.size === 0;
    this.persons.set(person, keys);
    keys.set(key, [...(keys.get(key) ?? []), job]);
    const [last, before] = [this.last, this.last === undefined ? undefined : this.persons.get(this.last)];
    if (isNew && last !== undefined && last !== person && before !== undefined) {
      // Who has just had a turn comes after who comes in meanwhile; all others who wait stay before.
      this.persons.delete(last);
      this.persons.set(last, before);
    }
  }

  remove(key: string, job: Job): void {
    this.put(
      key,
      (this.persons.get(personOf(key))?.get(key) ?? []).filter((other) => other !== job),
    );
  }

  /** Takes the next job of the first person in turn of whom `mayRun` is true; undefined when there is none. */
  take(mayRun: (person: string) => boolean): Job | undefined {
    for (const [person, keys] of this.persons) {
      const next = mayRun(person) ? keys.entries().next() : undefined;
      if (next === undefined || next.done === true) {
        continue;
      }
      const [key, [job, ...rest]] = next.value;
      this.last = person;
      // Both go to the end of their round.
      this.persons.delete(person);
      this.persons.set(person, keys);
      keys.delete(key);
      this.put(key, rest);
      return job;
    }
    return undefined;
  }

  /** The order in which the jobs have their turns if none joins. */
  order(): Job[] {
    return interleave([...this.persons.values()].map((keys) => interleave([...keys.values()])));
  }

  private put(key: string, jobs: Job[]): void {
    const person = personOf(key);
    const keys = this.persons.get(person);
    if (jobs.length > 0) {
      keys?.set(key, jobs);
    } else {
      keys?.delete(key);
    }
    if (keys?.size === 0) {
      this.persons.delete(person);
    }
  }
}
