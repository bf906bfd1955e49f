import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every source file of the product, with its text without comments. */
const sources = [...['app', 'lib', 'scripts', 'bin'].flatMap(list), 'proxy.ts', 'instrumentation.ts'].map((file) => ({
  file,
  text: readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, ''),
}));

function list(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.startsWith('database/generated'))
    .map((file) => join(folder, file));
}

const isBrowser = (file: string) => file.startsWith('lib/workbench/') || file.startsWith('app/');

function filesWith(pattern: RegExp, where: (file: string) => boolean = () => true): string[] {
  return sources.filter(({ file, text }) => where(file) && pattern.test(text)).map(({ file }) => file);
}

test('the rules below look at the whole product', () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(filesWith(/\bfetch\(/, isBrowser).length).toBeGreaterThan(0);
});

test('the server makes no request to an address that anybody can name', () => {
  const request =
    /\bfetch\(|\b(https?|net|tls|dgram)\.(get|request|connect|createConnection)\(|from '(undici|axios|got)'/;
  // scripts/start.mjs asks its own port whether it listens yet; scripts/screenshots is a tool beside the server and
  // asks the servers it started.
  const isTool = (file: string) => file === 'scripts/start.mjs' || file.startsWith('scripts/screenshots/');
  // A language model that runs on a server: its address is the environment's, and no redirection is followed.
  const completions = 'lib/language/completions/client.ts';
  expect(filesWith(request, (file) => !isBrowser(file) && !isTool(file))).toEqual([completions]);
  expect(readFileSync(completions, 'utf8')).toMatch(/redirect: 'error'/);
  expect(filesWith(/new URL\(|\bfetch\(/, (file) => file.startsWith('lib/language/'))).toEqual([completions]);
  expect(readFileSync('lib/language/completions/settings.ts', 'utf8')).toMatch(
    /return setting\('LOOKTWICE_COMPLETIONS_URL'\)/,
  );
  const sockets = /^import (?!type ).*from 'node:(http|https|net|tls|dgram|http2)'/m;
  // lib/serve listens; it connects to nothing.
  const listens = ['scripts/start.mjs', 'scripts/dev-server.mjs', 'lib/serve/main.ts'];
  // Engines elsewhere: who runs the server names them in its settings, and the guard looks at every address before it
  // connects.
  const guarded = ['lib/engines/remote/addresses.ts', 'lib/engines/remote/guarded-fetch.ts'];
  expect(filesWith(sockets, (file) => !listens.includes(file) && !isTool(file))).toEqual(guarded);
  expect(readFileSync('lib/serve/main.ts', 'utf8')).toMatch(
    /import \{ createServer, type IncomingMessage, type ServerResponse \} from 'node:http'/,
  );
});

test('no text becomes HTML or code', () => {
  const html =
    /dangerouslySetInnerHTML|\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML|document\.write\(|rehypeRaw|rehype-raw/;
  expect(filesWith(html)).toEqual([]);
  expect(filesWith(/\beval\(|new Function\(|createContextualFragment|srcdoc=/i)).toEqual([]);
});

test('no shell reads what a user wrote, and SQL has parameters', () => {
  expect(filesWith(/\bexec(Sync)?\(['"`]|shell: true/)).toEqual([]);
  expect(filesWith(/\$(queryRaw|executeRaw)Unsafe/)).toEqual([]);
});

test('no secret has a default, and none is built into what the browser loads', () => {
  const secrets = /(SECRET|PASSWORD|TOKEN)\w*\s*(\?\?|\|\|)\s*['"`]/;
  expect(filesWith(secrets)).toEqual([]);
  expect(filesWith(/NEXT_PUBLIC_/)).toEqual([]);
});
