import { copyFile, cp, mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectOneLineFailure, runLooktwice } from '../support/run-looktwice';

const mini = join(__dirname, '../../models/mini');
const cookie = join(__dirname, '../fixtures/images/cookie-cracked-1.jpg');

let root: string;
let bundle: string;
const env = () => ({ LOOKTWICE_BUNDLE: bundle, LOOKTWICE_CACHE: join(root, 'cache') });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'looktwice-bundle-'));
  bundle = join(root, 'bundle');
  await cp(mini, bundle, { recursive: true });
});

afterEach(() => rm(root, { recursive: true }));

describe('looktwice bundle', () => {
  it('verifies and lists the committed bundle', async () => {
    const verified = await runLooktwice(['bundle', 'verify', '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ bundle: expect.stringMatching(/^looktwice-mini@/) as string });
    const listed = await runLooktwice(['bundle', 'list', '--json']);
    expect(JSON.parse(listed.stdout)).toEqual([
      expect.objectContaining({ directory: join('models', 'mini'), bundle: expect.any(String) as string }),
    ]);
  });

  it.each([
    ['a missing file', 'expert.onnx', () => unlink(join(bundle, 'expert.onnx'))],
    ['a missing graph of the reference mode', 'residual.onnx', () => unlink(join(bundle, 'residual.onnx'))],
    ['a file that is cut off', 'encoder.onnx', () => truncate(join(bundle, 'encoder.onnx'), 1000)],
    [
      'another graph under the name',
      'segmenter.onnx',
      () => copyFile(join(bundle, 'similarity.onnx'), join(bundle, 'segmenter.onnx')),
    ],
    ['a missing manifest', 'manifest.json', () => unlink(join(bundle, 'manifest.json'))],
    ['a broken manifest', 'manifest.json', () => writeFile(join(bundle, 'manifest.json'), '{"format": 1')],
    ['no bundle at all', 'manifest.json', () => rm(bundle, { recursive: true })],
  ])('refuses %s: verify and inspect name it in one line', async (_, file, damage) => {
    await damage();
    const message = new RegExp(file.replace('.', '\\.'));
    expectOneLineFailure(await runLooktwice(['bundle', 'verify'], env()), 1, message);
    expectOneLineFailure(await runLooktwice(['inspect', cookie], env()), 1, message);
  });

  it('refuses a graph whose shapes are not those of the manifest', async () => {
    const path = join(bundle, 'manifest.json');
    const manifest = await readFile(path, 'utf8');
    await writeFile(path, manifest.replace('"featureWidth": 128', '"featureWidth": 64'));
    const message = /expert\.onnx has output "features" of shape \[.*784, 128\], the manifest says \[views, 784, 64\]/;
    expectOneLineFailure(await runLooktwice(['inspect', cookie], env()), 1, message);
  });
});
