import type { AccountInfo } from '@/lib/auth/contract';
import { createStore } from './create-store';

/** Who is signed in; null until the server has said so. */
export const accountStore = createStore<AccountInfo | null>(null);
