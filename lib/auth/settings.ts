import { z } from 'zod';
import { roleSchema } from './contract';

/**
 * The settings of team mode. They come from the environment alone: nothing secret is in the database, in a file of the repository, or reachable by a route.
 *
 * - LOOKTWICE_URL: the address that people open, e.g. https://looktwice.example.com
 * - LOOKTWICE_SECRET: at least 32 characters; signs session cookies
 * - LOOKTWICE_OIDC_ISSUER, LOOKTWICE_OIDC_CLIENT_ID, LOOKTWICE_OIDC_CLIENT_SECRET: sign-in at an OpenID Connect provider
 * - LOOKTWICE_OIDC_NAME: what the button calls it
 * - LOOKTWICE_OIDC_ROLE: the role of people whom the provider vouches for and nobody invited; unset, they are kept out
 */
export type TeamSettings = { url: URL; secret: string; oidc: OidcSettings | null };

type Environment = Readonly<Record<string, string | undefined>>;

export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  name: string;
  role: z.infer<typeof roleSchema> | null;
};

const webAddress = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' });
const text = z.string({ error: 'is not set' }).min(1, 'is empty');

const schema = z.object({
  LOOKTWICE_URL: webAddress,
  LOOKTWICE_SECRET: text.min(32, 'must have at least 32 characters, e.g. from `openssl rand -base64 32`'),
});

const oidcSchema = z.object({
  LOOKTWICE_OIDC_ISSUER: webAddress,
  LOOKTWICE_OIDC_CLIENT_ID: text,
  LOOKTWICE_OIDC_CLIENT_SECRET: text,
  LOOKTWICE_OIDC_NAME: text.default('single sign-on'),
  LOOKTWICE_OIDC_ROLE: roleSchema.exclude(['admin']).optional(),
});

function read<Schema extends z.ZodType>(wanted: Schema, env: Environment): z.output<Schema> {
  const result = wanted.safeParse(env);
  if (!result.success) {
    const issue = result.error.issues[0];
    const message = issue?.code === 'invalid_type' ? 'is not set' : issue?.message;
    throw new Error(`LOOKTWICE_MODE=team: ${issue?.path.join('.') ?? 'a setting'} ${message ?? 'is wrong'}`);
  }
  return result.data;
}

/** @throws Error naming the first setting that is missing or wrong, and never its value */
export function teamSettings(env: Environment = process.env): TeamSettings {
  const team = read(schema, env);
  const oidc = env.LOOKTWICE_OIDC_ISSUER === undefined ? null : read(oidcSchema, env);
  return {
    url: new URL(team.LOOKTWICE_URL),
    secret: team.LOOKTWICE_SECRET,
    oidc: oidc && {
      issuer: oidc.LOOKTWICE_OIDC_ISSUER.replace(/\/$/, ''),
      clientId: oidc.LOOKTWICE_OIDC_CLIENT_ID,
      clientSecret: oidc.LOOKTWICE_OIDC_CLIENT_SECRET,
      name: oidc.LOOKTWICE_OIDC_NAME,
      role: oidc.LOOKTWICE_OIDC_ROLE ?? null,
    },
  };
}
