import * as z from 'zod/mini';

/** Pages of the workbench itself, each open once. */
export const welcomeTab = z.object({ kind: z.literal('welcome'), id: z.string() });
export const settingsTab = z.object({ kind: z.literal('settings'), id: z.string() });
export const shortcutsTab = z.object({ kind: z.literal('shortcuts'), id: z.string() });
