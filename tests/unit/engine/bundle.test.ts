import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNewer, listBundles, openBundle, requiredFiles, verifyBundle } from '@/lib/engine/bundle';
import type { Manifest } from '@/lib/engine/manifest';
import { mapMask, sampleManifest } from '../../support/sample-manifest';

let root: string;
let directory: string;

async function writeBundle(changes: Partial<Manifest> = {}): Promise<void> {
  const files: Manifest['files'] = {};
  for (const name of requiredFiles(sampleManifest(changes))) {
    const content = `content of ${name}`;
    await writeFile(join(directory, name), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    files[name] = { sha256, bytes: content.length, trained: false };
  }
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(sampleManifest({ files, ...changes })));
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'looktwice-bundle-'));
  directory = join(root, 'models', 'sample');
  await mkdir(directory, { recursive: true });
  process.env.LOOKTWICE_CACHE = join(root, 'cache');
  await writeBundle();
});

afterEach(async () => {
  delete process.env.LOOKTWICE_CACHE;
  await rm(root, { recursive: true });
});

describe('a whole bundle', () => {
  it('opens, by the record of checksums too, and verifies', async () => {
    for (const bundle of [await openBundle(directory), await openBundle(directory), await verifyBundle(directory)]) {
      expect(bundle.name).toBe('sample@1.2.3');
      expect(bundle.path('encoder.onnx')).toBe(join(directory, 'encoder.onnx'));
    }
  });

  it('needs no segmenter.onnx when its masks come from the anomaly map', async () => {
    await unlink(join(directory, 'segmenter.onnx'));
    await writeBundle({ segmenter: undefined, calibration: { ...sampleManifest().calibration, mapMask } });
    const { manifest } = await verifyBundle(directory);
    expect(Object.keys(manifest.files)).not.toContain('segmenter.onnx');
  });

  it('gives no path outside its list of files', async () => {
    const bundle = await openBundle(directory);
    for (const name of ['../manifest.json', '/etc/passwd', 'other.onnx', 'constructor', '']) {
      expect(() => bundle.path(name)).toThrow('has no file');
    }
  });

  it('is listed beside broken ones', async () => {
    await mkdir(join(root, 'models', 'broken'));
    await writeFile(join(root, 'models', 'broken', 'manifest.json'), '{');
    await mkdir(join(root, 'models', 'training'));
    const bundles = await listBundles(join(root, 'models'));
    expect(bundles.map(({ manifest, problem }) => [manifest?.id, problem !== undefined])).toEqual([
      [undefined, true],
      ['sample', false],
    ]);
  });
});

describe('a damaged bundle is refused with one line that names the file', () => {
  it.each([
    ['a missing file', 'expert.onnx', () => unlink(join(directory, 'expert.onnx'))],
    ['a file that is cut off', 'language.base.bin', () => truncate(join(directory, 'language.base.bin'), 3)],
    ['other bytes', 'encoder.onnx', () => writeFile(join(directory, 'encoder.onnx'), 'Content of encoder.onnx')],
    ['a missing manifest', 'manifest.json', () => unlink(join(directory, 'manifest.json'))],
    ['a manifest that is no JSON', 'manifest.json', () => writeFile(join(directory, 'manifest.json'), '{"format":')],
    [
      'a link out of the bundle',
      'expert.onnx',
      async () => {
        await writeFile(join(root, 'elsewhere'), 'content of expert.onnx');
        await unlink(join(directory, 'expert.onnx'));
        await symlink(join(root, 'elsewhere'), join(directory, 'expert.onnx'));
      },
    ],
  ])('%s', async (_, file, damage) => {
    await damage();
    for (const check of [openBundle, verifyBundle]) {
      await expect(check(directory)).rejects.toMatchObject({
        code: 'model_unavailable',
        message: expect.stringMatching(new RegExp(`^[^\\n]*${file.replaceAll('.', '\\.')}[^\\n]*$`)) as string,
      });
    }
  });

  it('notices a change after it was opened before', async () => {
    await openBundle(directory);
    await writeFile(join(directory, 'encoder.onnx'), 'CONTENT of encoder.onnx');
    await expect(openBundle(directory)).rejects.toThrow('encoder.onnx');
  });

  it('ignores a damaged record of checksums', async () => {
    await mkdir(join(root, 'cache'));
    await writeFile(join(root, 'cache', 'verified-files.json'), 'not JSON');
    await expect(openBundle(directory)).resolves.toMatchObject({ name: 'sample@1.2.3' });
  });

  it.each(['segmenter.onnx', 'language.base.bin'])('refuses to verify a manifest that leaves out %s', async (name) => {
    const { files } = (await openBundle(directory)).manifest;
    await writeBundle({ files: Object.fromEntries(Object.entries(files).filter(([file]) => file !== name)) });
    await expect(verifyBundle(directory)).rejects.toThrow(`does not list ${name}`);
  });

  it('refuses to verify a manifest that leaves out a file', async () => {
    await writeBundle({ files: {} });
    await expect(verifyBundle(directory)).rejects.toThrow('does not list encoder.onnx');
  });

  it('asks for an update when the bundle needs a newer runtime', async () => {
    await writeBundle({ minimumRuntime: '99.0.0' });
    await expect(openBundle(directory)).rejects.toThrow('needs LookTwice 99.0.0');
  });
});

it.each([
  ['1.0.0', '0.9.9', true],
  ['0.10.0', '0.9.0', true],
  ['0.1.0', '0.1.0', false],
  ['0.1.0-dev', '0.1.0', false],
  ['0.1.0', '0.1.1', false],
])('%s is newer than %s: %p', (a, b, newer) => {
  expect(isNewer(a, b)).toBe(newer);
});
