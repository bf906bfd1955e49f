import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';

/** Bodies of the account routes; the pages use them too, so nothing of the server is imported here. */
export const roles = ['admin', 'engineer', 'reviewer', 'viewer'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const passwordLength = { min: 12, max: 128 } as const;
const password = z
  .string()
  .min(passwordLength.min, `must have at least ${passwordLength.min} characters`)
  .max(passwordLength.max);
const email = z.string().trim().toLowerCase().max(254).pipe(z.email('must be an email address'));
const name = z.string().trim().min(1).max(100);
/** 256 random bits in base64url. */
const token = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is not the token of a link');

/** `POST /api/auth/sign-in` */
export const signInSchema = z.object({ email, password: z.string().min(1).max(passwordLength.max) });
/** `POST /api/auth/sign-out`; `everywhere` ends all sessions of the account. */
export const signOutSchema = z.object({ everywhere: z.boolean().default(false) });
/** `POST /api/auth/password`: the new one ends all other sessions. */
export const changePasswordSchema = z.object({ current: z.string().min(1).max(passwordLength.max), password });
/** `POST /api/auth/oidc` -> where the browser goes next. */
export const redirectSchema = z.object({ url: z.url() });

/** `GET /api/account` */
export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: roleSchema,
  mode: z.enum(['local', 'team']),
});
export type AccountInfo = z.infer<typeof accountSchema>;

/** `POST /api/invitations` */
export const invitationCreateSchema = z.object({ email, role: roleSchema });
export const invitationSchema = z.object({
  id: idSchema,
  email: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type InvitationInfo = z.infer<typeof invitationSchema>;
export const invitationListSchema = z.object({ invitations: z.array(invitationSchema) });
/** The link is shown once: only the hash of its token is kept. */
export const invitationCreatedSchema = z.object({ invitation: invitationSchema, url: z.url() });
/** `POST /api/invitations/look`: whom a link is for. */
export const invitationLookSchema = z.object({ token });
export const invitationLookedSchema = z.object({ email: z.string(), role: roleSchema });
/** `POST /api/invitations/accept` */
export const invitationAcceptSchema = z.object({ token, name, password });

/** `GET /api/users`, `PATCH /api/users/:id` */
export const memberSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
  disabled: z.boolean(),
});
export type Member = z.infer<typeof memberSchema>;
export const memberListSchema = z.object({ users: z.array(memberSchema) });
export const memberPatchSchema = z.object({ role: roleSchema, disabled: z.boolean() }).partial();
export type MemberPatch = z.infer<typeof memberPatchSchema>;

/** `GET /api/keys`, `POST /api/keys` */
export const keyCreateSchema = z.object({ name, days: z.int().min(1).max(3650).nullable().default(null) });
export const keySchema = z.object({
  id: idSchema,
  name: z.string(),
  hint: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
});
export type KeyInfo = z.infer<typeof keySchema>;
export const keyListSchema = z.object({ keys: z.array(keySchema) });
/** The key is shown once: only its hash is kept. */
export const keyCreatedSchema = z.object({ key: keySchema, secret: z.string() });

/** `GET /api/sessions`; `lastUsedAt` to a few minutes. */
export const sessionSchema = z.object({
  id: z.string(),
  device: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  current: z.boolean(),
});
export type SessionInfo = z.infer<typeof sessionSchema>;
export const sessionListSchema = z.object({ sessions: z.array(sessionSchema) });

/** `GET /api/audit?cursor=&action=` */
export const auditQuerySchema = z.object({
  cursor: idSchema.optional(),
  action: z
    .string()
    .regex(/^[a-z]{1,30}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const auditEventSchema = z.object({
  id: idSchema,
  at: z.iso.datetime(),
  actor: z.string().nullable(),
  action: z.string(),
  target: z.string(),
  address: z.string().nullable(),
  detail: z.unknown(),
});
export type AuditEventInfo = z.infer<typeof auditEventSchema>;
export const auditListSchema = z.object({ events: z.array(auditEventSchema), nextCursor: idSchema.nullable() });
