export type PostgresqlServer = {
  /** The address of its database `postgres`. */
  url: string;
  start: () => void;
  /** Runs pg_ctl with these arguments. */
  control: (...args: string[]) => void;
  /** Stops it and removes its files. */
  stop: () => void;
};

export function startPostgresql(): Promise<PostgresqlServer>;
