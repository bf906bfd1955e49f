import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { findEngine, keyOf, listEngines } from '@/lib/engines/registry';

const KEY = 'sk-a-very-secret-key';
/** Administrators choose the names of such variables. */
const VARIABLE = 'SEER_KEY';
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'looktwice-engines-'));
  process.env.LOOKTWICE_DATA = directory;
});
afterEach(async () => {
  delete process.env.LOOKTWICE_DATA;
  delete process.env.LOOKTWICE_ENGINES;
  delete process.env[VARIABLE];
  await rm(directory, { recursive: true });
});

async function write(text: string, { name = 'engines.yaml', mode = 0o600 } = {}) {
  const path = join(directory, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}
const problem = () =>
  listEngines().then(
    () => '',
    (error: Error) => error.message,
  );

const SEER = `engines:
  seer:
    kind: openai-compatible
    label: The seer
    url: https://seer.example.com/v1
    model: seer-1
`;

it('has the embedded engine without any file', async () => {
  expect(await listEngines()).toEqual([{ kind: 'embedded', name: 'embedded', label: 'Embedded' }]);
  expect(await findEngine(null)).toMatchObject({ kind: 'embedded' });
});

it('reads YAML and JSON, with what holds where nothing is said', async () => {
  await write(SEER);
  const [embedded, seer] = await listEngines();
  expect(embedded).toMatchObject({ kind: 'embedded' });
  expect(seer).toMatchObject({
    kind: 'remote',
    name: 'seer',
    label: 'The seer',
    config: {
      images: true,
      private: false,
      fallback: 'none',
      retries: 2,
      sends: { side: 1024 },
      timeouts: { first: 60 },
    },
  });
  await rm(join(directory, 'engines.yaml'));
  await write('{"engines": {"other": {"kind": "openai-compatible", "url": "https://o.example/v1", "model": "m"}}}', {
    name: 'engines.json',
  });
  expect((await listEngines()).map(({ name }) => name)).toEqual(['embedded', 'other']);
});

it('takes the file that LOOKTWICE_ENGINES names, and says when there is none', async () => {
  process.env.LOOKTWICE_ENGINES = await write(SEER, { name: 'elsewhere.yml' });
  expect(await listEngines()).toHaveLength(2);
  process.env.LOOKTWICE_ENGINES = join(directory, 'gone.yaml');
  expect(await problem()).toContain('LOOKTWICE_ENGINES names this file, and there is none');
});

it('knows where providers are asked, and that they want a key', async () => {
  process.env[VARIABLE] = KEY;
  const claude = 'engines:\n  claude:\n    kind: anthropic\n    model: claude-1\n';
  await write(
    `${claude}    key: { env: ${VARIABLE} }\n  gemini: { kind: google, model: gemini-1, key: x, boxes: thousand }\n`,
  );
  expect((await listEngines()).slice(1)).toMatchObject([
    { name: 'claude', config: { kind: 'anthropic', url: 'https://api.anthropic.com/v1', images: true } },
    {
      name: 'gemini',
      config: { kind: 'google', url: 'https://generativelanguage.googleapis.com/v1beta', boxes: 'thousand' },
    },
  ]);
  await write(claude);
  expect(await problem()).toMatch(/engines\.claude\.key /);
  await write(claude.replace('anthropic', 'magic'));
  expect(await problem()).toMatch(/engines\.claude\.kind must be openai-compatible, anthropic or google\.$/);
});

describe('a key', () => {
  it('comes from the environment or the file, and is in nothing that is printed', async () => {
    process.env[VARIABLE] = KEY;
    await write(
      `${SEER}    key: { env: ${VARIABLE} }\n  two:\n    kind: openai-compatible\n    url: https://t.example/v1\n    model: m\n    key: ${KEY}2\n`,
    );
    const [, seer, two] = await listEngines();
    if (seer?.kind !== 'remote' || two?.kind !== 'remote') {
      throw new Error('They are not there.');
    }
    expect([keyOf(seer), keyOf(two)]).toEqual([KEY, `${KEY}2`]);
    expect(`${JSON.stringify([seer, two])}${inspect([seer, two], { showHidden: true, depth: 9 })}`).not.toContain(
      'secret',
    );
  });

  it('is asked for by the name of its variable when it is missing', async () => {
    await write(`${SEER}    key: { env: ${VARIABLE} }\n`);
    expect(await problem()).toMatch(/engines\.seer\.key names the environment variable SEER_KEY, which is not set\.$/);
  });

  it('makes a file that others may read no file', async () => {
    await write(SEER, { mode: 0o644 });
    expect(await problem()).toMatch(/engines\.yaml: others on this machine may read it.*chmod 600/);
  });

  it('is not in the message about a file that cannot be read', async () => {
    await write(`engines:\n  seer:\n    key: "${KEY}\n   - [`);
    expect(await problem()).toMatch(/is neither YAML nor JSON/);
    expect(await problem()).not.toContain('secret');
    await write(`engines:\n  seer: { kind: openai-compatible, url: "ftp://${KEY}", model: m, key: [${KEY}] }`);
    expect(await problem()).not.toContain('secret');
  });
});

it.each([
  ['an unknown kind', 'engines: { a: { kind: magic } }', /engines\.a/],
  ['a field that is not known', `${SEER}    colour: red\n`, /engines\.seer.*colour/],
  [
    'an address that is none',
    SEER.replace('https://seer.example.com/v1', 'seer'),
    /engines\.seer\.url must be an address/,
  ],
  [
    'plain http outside of private networks',
    SEER.replace('https', 'http'),
    /engines\.seer\.url must begin with https:\/\/.*private: true/,
  ],
  ...['https://me@', 'https://me:secret@'].map((start): [string, string, RegExp] => [
    `an address with a person: ${start}`,
    SEER.replace('https://', start),
    /engines\.seer\.url must have no name, password, "\?" or "#" in it: a key goes into the field key\.$/,
  ]),
  ...['?key=secret', '?', '#secret'].map((end): [string, string, RegExp] => [
    `an address that ends with ${end}`,
    SEER.replace('/v1', `/v1${end}`),
    /engines\.seer\.url must have no name, password, "\?" or "#" in it: a key goes into the field key\.$/,
  ]),
  [
    'the name of the model in this installation',
    SEER.replace('seer:', 'embedded:'),
    /engines\.embedded is the name of the model in this installation: choose another\.$/,
  ],
  ['another embedded model', 'engines: { mine: { kind: embedded } }', /engines\.mine\.kind/],
  ['a name with spaces', 'engines: { "my engine": { kind: embedded } }', /engines/],
  ['a list', '[]', /the file/],
])('refuses %s, naming the field', async (_, text, message) => {
  await write(text);
  expect(await problem()).toMatch(message);
});

it('names the engines that there are when one is asked for that is not', async () => {
  await write(SEER);
  await expect(findEngine('oracle')).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'There is no engine "oracle": there are embedded, seer.',
  });
});
