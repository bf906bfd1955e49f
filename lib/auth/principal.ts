import type { Owner } from '@/lib/database/owner';
import type { Role } from './contract';

export type { Role };

/**
 * Who makes a request, and by what: a key may do less than a person. Queries take it, so that nobody reaches another's
 * rows.
 */
export type Principal = Owner & { role: Role; via: 'local' | 'session' | 'key' };
