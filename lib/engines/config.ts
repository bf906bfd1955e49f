import { z } from 'zod';

/** Names are typed and shown: short, without spaces. `embedded` is the model in this installation. */
export const EMBEDDED = 'embedded';
const engineNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'must have up to 40 small letters, digits, dots, dashes or underscores');

const seconds = (standard: number, most: number) => z.number().positive().max(most).default(standard);

/** Where a key is: in an environment variable, or in the file itself. */
const keySchema = z.union([
  z.strictObject({
    env: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable, such as OPENAI_API_KEY')
      .refine((name) => !name.startsWith('LOOKTWICE_'), 'must not begin with LOOKTWICE_, which is kept for settings'),
  }),
  z.string().min(1),
]);

/** Anything else in an address would be sent, shown or logged with it. */
const isPlainAddress = (url: string): boolean =>
  !/[?#]/.test(url) && URL.canParse(url) && new URL(url).username + new URL(url).password === '';

const address = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
  .refine(isPlainAddress, 'must have no name, password, "?" or "#" in it: a key goes into the field key');

/** What engines of every kind have. */
const common = {
  /** How people see it; absent: its name. */
  label: z.string().max(60).optional(),
  /** What the server calls the model. */
  model: z.string().min(1).max(200),
  /** Whether it is sent pictures; without, it gets the expert's findings in words. */
  images: z.boolean().default(true),
  /** Whether the address may be this machine or one of a private network. */
  private: z.boolean().default(false),
  /** Who answers when this engine cannot. */
  fallback: z.enum(['embedded', 'none']).default('none'),
  /**
   * `evidence`: pictures, findings and question; `plain`: the pictures and the question alone, for models that were
   * trained on nothing else.
   */
  prompt: z.enum(['evidence', 'plain']).default('evidence'),
  /**
   * What is sent of the pictures: how many at most, their longer side in px, how many regions enlarged, how many
   * references, whether the expert's map.
   */
  sends: z
    .strictObject({
      pictures: z.int().min(1).max(32).default(8),
      side: z.int().min(224).max(4096).default(1024),
      crops: z.int().min(0).max(8).default(4),
      references: z.int().min(0).max(4).default(1),
      map: z.boolean().default(false),
    })
    .prefault({}),
  /** What numbers in its boxes mean; `auto` tells by the numbers and the model's name. */
  boxes: z.enum(['auto', 'pixels', 'unit', 'thousand']).default('auto'),
  /** Whether the server fills a JSON schema. */
  structured: z.boolean().default(false),
  /** Seconds until its first word, between two words, and for a whole answer. */
  timeouts: z.strictObject({ first: seconds(60, 600), idle: seconds(30, 600), total: seconds(300, 3600) }).prefault({}),
  /** How often it is asked again before its first word. */
  retries: z.int().min(0).max(5).default(2),
  /** Longest answer in tokens, where the question sets no limit. */
  maxTokens: z.int().min(16).max(8192).default(800),
};

/** Addresses of the providers, to which the paths of their APIs are added; `url` is for a gateway in front of them. */
const PROVIDER_URLS = {
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
} as const;

/** One engine of the file. */
export const engineSchema = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({
        kind: z.literal('openai-compatible'),
        /** The address that `/chat/completions` is added to; mostly it ends with `/v1`. */
        url: address,
        key: keySchema.optional(),
        ...common,
      }),
      z.strictObject({
        kind: z.literal('anthropic'),
        url: address.default(PROVIDER_URLS.anthropic),
        key: keySchema,
        ...common,
      }),
      z.strictObject({
        kind: z.literal('google'),
        url: address.default(PROVIDER_URLS.google),
        key: keySchema,
        ...common,
      }),
    ],
    { error: ({ code }) => (code === 'invalid_union' ? 'must be openai-compatible, anthropic or google' : undefined) },
  )
  .refine(({ url, private: allowed }) => allowed || url.startsWith('https://'), {
    path: ['url'],
    error: 'must begin with https://; plain http is for private networks, with "private: true"',
  });

export type EngineConfig = z.infer<typeof engineSchema>;

/** `engines.yaml` or `engines.json`: engines by name. */
export const enginesFileSchema = z.strictObject({
  engines: z.record(engineNameSchema, engineSchema).refine((engines) => !Object.hasOwn(engines, EMBEDDED), {
    path: [EMBEDDED],
    error: 'is the name of the model in this installation: choose another',
  }),
});

/** An engine as a conversation stores it: the embedded one has no name there. */
export const storedEngine = (name: string | null): string | null => (name === EMBEDDED ? null : name);

/** The machine that an engine is asked at, for people: host and port. */
export const hostOf = ({ url }: Pick<EngineConfig, 'url'>): string => new URL(url).host;
