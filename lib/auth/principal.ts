import type { Owner } from '@/lib/database/owner';

export type Role = 'admin' | 'engineer' | 'reviewer' | 'viewer';

/** Who makes a request. Queries take it, so that nobody reaches another's rows. */
export type Principal = Owner & { role: Role };
