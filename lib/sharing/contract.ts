import { z } from 'zod';
import { idSchema } from '@/lib/contract';

/** How long a link works unless its owner says otherwise. */
const DEFAULT_EXPIRY_DAYS = 30;

const passwordSchema = z.string().min(8, 'must have at least 8 characters').max(200);

const optionsShape = {
  /** File names of images; without them images are called "Image 1". */
  includeNames: z.boolean(),
  /** Whether the original files can be downloaded, with their EXIF data (place, time, camera). */
  includeMetadata: z.boolean(),
  /** Whether other sites may show the conversation in a frame. */
  allowEmbed: z.boolean(),
  /** Whether only people who are signed in here may open it (team mode). */
  membersOnly: z.boolean(),
  /** Days from now; null: until it is revoked. */
  expiresInDays: z.int().min(1).max(365).nullable(),
  /** null: no password. */
  password: passwordSchema.nullable(),
};

/** A frame of another site does not get our cookies, so that nobody could give a password there, or be signed in. */
function embedsOrAsks({
  allowEmbed,
  membersOnly,
  password,
}: {
  allowEmbed?: boolean | undefined;
  membersOnly?: boolean | undefined;
  password?: string | null | undefined;
}) {
  return !(allowEmbed === true && (typeof password === 'string' || membersOnly === true));
}
const EMBED_OR_PASSWORD = {
  path: ['allowEmbed'],
  message: 'a link with a password, or for signed-in people only, cannot be embedded: choose one of the two',
};

/** `POST /api/shares` -> 201 `shareCreatedSchema` */
export const shareCreateSchema = z
  .object({
    conversationId: idSchema,
    /** Last message to show ("from here up"); absent: the whole branch that is shown. */
    leafId: idSchema.optional(),
    /** Shows the conversation as it is when the link is opened, not as it was when the link was made. */
    live: z.boolean().default(false),
    includeNames: optionsShape.includeNames.default(false),
    includeMetadata: optionsShape.includeMetadata.default(false),
    allowEmbed: optionsShape.allowEmbed.default(false),
    membersOnly: optionsShape.membersOnly.default(false),
    expiresInDays: optionsShape.expiresInDays.default(DEFAULT_EXPIRY_DAYS),
    password: optionsShape.password.default(null),
  })
  .refine(embedsOrAsks, EMBED_OR_PASSWORD);
export type ShareCreate = z.input<typeof shareCreateSchema>;

/** `PATCH /api/shares/:id`: what can be changed while the link works. */
export const sharePatchSchema = z.object(optionsShape).partial().refine(embedsOrAsks, EMBED_OR_PASSWORD);
export type SharePatch = z.infer<typeof sharePatchSchema>;

export const shareSchema = z.object({
  id: idSchema,
  conversationId: idSchema,
  title: z.string(),
  leafId: idSchema.nullable(),
  live: z.boolean(),
  includeNames: z.boolean(),
  includeMetadata: z.boolean(),
  allowEmbed: z.boolean(),
  membersOnly: z.boolean(),
  hasPassword: z.boolean(),
  state: z.enum(['open', 'expired', 'revoked']),
  views: z.int().nonnegative(),
  lastViewedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});
export type ShareInfo = z.infer<typeof shareSchema>;

/** The token is told once: only its hash is stored. `path` is the address of the page on this server. */
export const shareCreatedSchema = z.object({ share: shareSchema, token: z.string(), path: z.string() });
export type ShareCreated = z.infer<typeof shareCreatedSchema>;

/** `GET /api/shares[?conversationId=]`: the newest first. */
export const shareListQuerySchema = z.object({ conversationId: idSchema.optional() });
export const shareListSchema = z.object({ shares: z.array(shareSchema) });

/** `GET /api/shared/:token/images/:id?w=&original=1` */
export const sharedImageQuerySchema = z.object({
  w: z.coerce.number().int().min(1).max(20_000).optional(),
  /** The file as it was uploaded; refused unless the link includes metadata. */
  original: z.literal('1').optional(),
});

/** `POST /api/shared/:token/unlock`: an HTML form. */
export const unlockFormSchema = z.object({ password: z.string().max(200) });

/** `POST /api/shared/:token/fork` -> 201 the copy in the caller's own workspace */
export const shareForkedSchema = z.object({ conversationId: idSchema });
