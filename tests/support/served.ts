import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { openSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = process.cwd();
const START_MS = 180_000;
const STOP_MS = 30_000;

export type Served = { url: string; port: number; data: string; log: string; process: ChildProcess };

export type Settings = Readonly<Record<string, string>>;

export const TEAM: Settings = {
  LOOKTWICE_MODE: 'team',
  LOOKTWICE_SECRET: 'a secret of a test that is long enough',
};

/** Builds what is out of date: Prisma's client, the runtime, the application. */
export function buildAll(): void {
  const build =
    "const b = await import('./scripts/bootstrap.mjs'); await b.ensureRuntime(); const a = await import('./scripts/build-app.mjs'); await a.ensureApp();";
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', build], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.status !== 0) {
    throw new Error('The build failed; its messages are above.');
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export function newData(): string {
  return mkdtempSync(join(tmpdir(), 'looktwice-served-'));
}

/** `folder`: the program, another one than this checkout; `uid`: the user it runs as. */
type StartOptions = {
  data?: string;
  settings?: Settings;
  port?: number;
  until?: 'healthy' | 'ready';
  folder?: string;
  uid?: number;
};

/** The environment that `npm start` has, without what Jest sets. */
export function startEnvironment(data: string, port: number, settings: Settings = {}): NodeJS.ProcessEnv {
  const url = settings.LOOKTWICE_MODE === 'team' ? { LOOKTWICE_URL: `http://127.0.0.1:${port}` } : {};
  return { ...process.env, ...url, ...settings, NODE_ENV: 'production', LOOKTWICE_DATA: data };
}

/**
 * Starts the built server as `npm start` does, on a free port, and waits until it answers (or until the model is
 * loaded).
 */
export async function startServed({
  data = newData(),
  settings = {},
  port,
  until = 'healthy',
  folder = root,
  uid,
}: StartOptions = {}): Promise<Served> {
  const chosen = port ?? (await freePort());
  const log = join(tmpdir(), `looktwice-served-${chosen}.log`);
  const out = openSync(log, 'a');
  const child = spawn(process.execPath, ['scripts/start.mjs', '--port', String(chosen)], {
    cwd: folder,
    env: startEnvironment(data, chosen, settings),
    stdio: ['ignore', out, out],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const served = { url: `http://127.0.0.1:${chosen}`, port: chosen, data, log, process: child };
  const deadline = Date.now() + START_MS;
  const path = until === 'ready' ? '/readyz' : '/healthz';
  for (;;) {
    const answers = await fetch(`${served.url}${path}`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) {
      return served;
    }
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start: ${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Ends a server and waits for its end. */
export async function stopServed({ process: child }: Served, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** Ends a server and removes what it left. */
export async function removeServed(served: Served): Promise<void> {
  await stopServed(served);
  rmSync(served.data, { recursive: true, force: true });
  rmSync(served.log, { force: true });
}

/** The servers that the global setup started for all files. */
export function sharedServer(mode: 'local' | 'team'): { url: string; data: string; log: string } {
  const value = process.env[`SERVED_${mode.toUpperCase()}`];
  if (value === undefined) {
    throw new Error('The shared servers are started by the global setup of the project "served".');
  }
  return JSON.parse(value) as { url: string; data: string; log: string };
}

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

type Send = { method?: string; headers?: Record<string, string>; body?: Uint8Array | string };

/** One request exactly as written: any method, path and Host, which fetch would mend or refuse. */
export function send(url: string, path: string, { method = 'GET', headers = {}, body }: Send = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The error code of an answer's body. */
export function codeOf({ text }: Answer): string | undefined {
  return (JSON.parse(text) as { error?: { code?: string } }).error?.code;
}

/** Makes an account with the command line, signs it in, and gives the headers of its requests. */
export async function signInServed(
  { url, data }: { url: string; data: string },
  email: string,
  role = 'admin',
): Promise<{ cookie: string }> {
  const password = 'correct horse battery';
  const added = spawnSync(
    process.execPath,
    ['bin/looktwice.mjs', 'users', 'add', email, '--name', email.split('@')[0] ?? email, '--role', role],
    {
      cwd: root,
      input: `${password}\n`,
      env: startEnvironment(data, Number(new URL(url).port), TEAM),
      encoding: 'utf8',
    },
  );
  if (added.status !== 0) {
    throw new Error(`users add: ${added.stderr}`);
  }
  const answer = await send(url, '/api/auth/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const cookies = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '');
  if (answer.status !== 200 || cookies.length === 0) {
    throw new Error(`${email} cannot sign in: ${answer.text}`);
  }
  return { cookie: cookies.join('; ') };
}
