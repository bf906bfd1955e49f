import { lstat, readFile, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import packageJson from '../../package.json';
import { EngineError } from './errors';
import { messageOf } from '@/lib/common/message-of';
import { type Manifest, bundleName, fileNameSchema, parseManifest } from './manifest';
import { VerifiedFiles, hashFile } from './verified-files';

const MAX_MANIFEST_BYTES = 1 << 20;

/**
 * The files that a bundle of format 1 must have besides its manifest. Data of its graphs (LoRA, further weights),
 * `playbook.json` and `tokenizer_config.json` may be there.
 */
export function requiredFiles({ segmenter, language, objects, calibration }: Manifest): string[] {
  return [
    ...['encoder.onnx', 'expert.onnx', 'similarity.onnx', 'tokenizer.json'],
    ...(language.remote === undefined ? ['language.onnx'] : []),
    language.embedding.file,
    ...(segmenter === undefined ? [] : ['segmenter.onnx']),
    ...(objects === undefined ? [] : [objects.file]),
    ...(language.plan === undefined ? [] : [language.plan.file]),
    ...(calibration.reference.geometric === undefined ? [] : ['moments.onnx', 'residual.onnx', 'within.onnx']),
  ];
}

/** An opened bundle. Files are data: nothing in the directory is executed. */
export type Bundle = {
  directory: string;
  /** e.g. `looktwice-mini@0.1.0` */
  name: string;
  manifest: Manifest;
  /** The absolute path of a file that the manifest lists; throws `model_unavailable` for any other name. */
  path: (file: string) => string;
};

function broken(message: string): EngineError {
  return new EngineError('model_unavailable', message);
}

async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, 'manifest.json');
  const state = await stat(path).catch(() => undefined);
  if (state?.isFile() !== true) {
    throw broken(`No model bundle in ${directory}: manifest.json is missing.`);
  }
  if (state.size > MAX_MANIFEST_BYTES) {
    throw broken(`manifest.json in ${directory} is larger than ${MAX_MANIFEST_BYTES} bytes.`);
  }
  try {
    return parseManifest(await readFile(path, 'utf8'));
  } catch (error) {
    throw broken(`The model bundle in ${directory} cannot be used: ${messageOf(error)}.`);
  }
}

/** True when version a (semantic, pre-release ignored) is newer than b. */
export function isNewer(a: string, b: string): boolean {
  const numbers = (version: string) => version.replace(/-.*$/, '').split('.').map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return false;
}

async function verifyFile(
  directory: string,
  name: string,
  expected: { bytes: number; sha256: string },
  hash: (path: string, state: { bytes: number; mtimeMs: number }) => Promise<string>,
): Promise<void> {
  const path = join(directory, name);
  const state = await lstat(path).catch(() => undefined);
  if (state?.isFile() !== true) {
    throw broken(`The model bundle's file ${name} is missing (or no plain file): restore it in ${directory}.`);
  }
  if (state.size !== expected.bytes) {
    throw broken(
      `The model bundle's file ${name} has ${state.size} bytes, the manifest says ${expected.bytes}: restore it.`,
    );
  }
  if ((await hash(path, { bytes: state.size, mtimeMs: state.mtimeMs })) !== expected.sha256) {
    throw broken(`The model bundle's file ${name} has another checksum than the manifest says: restore it.`);
  }
}

function toBundle(directory: string, manifest: Manifest): Bundle {
  return {
    directory,
    name: bundleName(manifest),
    manifest,
    path(file) {
      if (!fileNameSchema.safeParse(file).success || !Object.hasOwn(manifest.files, file)) {
        throw broken(`The model bundle ${bundleName(manifest)} has no file ${file}.`);
      }
      return join(directory, file);
    },
  };
}

/**
 * Opens the bundle in a directory: its manifest is read, each file's size and SHA-256 are compared with it (checksums
 * of files that did not change since they were last hashed come from a record outside the bundle).
 * @throws EngineError `model_unavailable` naming the first file that is wrong
 */
export async function openBundle(directory: string): Promise<Bundle> {
  const absolute = resolve(directory);
  const manifest = await readManifest(absolute);
  if (isNewer(manifest.minimumRuntime, packageJson.version)) {
    throw broken(
      `The model bundle ${bundleName(manifest)} needs LookTwice ${manifest.minimumRuntime}, this is ${packageJson.version}: update.`,
    );
  }
  const verified = await VerifiedFiles.open();
  for (const [name, expected] of Object.entries(manifest.files)) {
    await verifyFile(absolute, name, expected, (path, state) => verified.sha256(path, state));
  }
  await verified.save();
  return toBundle(absolute, manifest);
}

/**
 * Verifies a bundle without trusting any record: every byte is hashed, and every file that the bundle needs must be
 * listed.
 * @throws EngineError `model_unavailable` naming the first file that is wrong
 */
export async function verifyBundle(directory: string, onFile?: (name: string) => void): Promise<Bundle> {
  const absolute = resolve(directory);
  const manifest = await readManifest(absolute);
  const unlisted = requiredFiles(manifest).find((name) => !Object.hasOwn(manifest.files, name));
  if (unlisted !== undefined) {
    throw broken(`manifest.json in ${absolute} does not list ${unlisted}, which the bundle needs.`);
  }
  for (const [name, expected] of Object.entries(manifest.files)) {
    await verifyFile(absolute, name, expected, hashFile);
    onFile?.(name);
  }
  return toBundle(absolute, manifest);
}

/** The bundles in the directories below `parent`, unreadable ones with the reason. */
export async function listBundles(
  parent: string,
): Promise<{ directory: string; manifest?: Manifest; problem?: string }[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(async (entry) => {
        const directory = join(parent, entry.name);
        const state = await stat(join(directory, 'manifest.json')).catch(() => undefined);
        if (state === undefined) {
          return [];
        }
        try {
          return [{ directory, manifest: await readManifest(directory) }];
        } catch (error) {
          return [{ directory, problem: messageOf(error) }];
        }
      }),
  );
  return found.flat();
}
