import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { DatasetTree } from '@/lib/datasets/readers/tree';
import { layFiles, removeFolder } from '../../../support/folder-tree';

describe('DatasetTree', () => {
  let outside: string;
  let root: string;
  let tree: DatasetTree;

  beforeAll(async () => {
    outside = await layFiles({ 'secret.png': 'x', 'set/good/1.png': 'x', 'set/.hidden.png': 'x', 'set-2/1.png': 'x' });
    root = path.join(outside, 'set');
    await symlink(path.join(outside, 'secret.png'), path.join(root, 'good', 'link.png'));
    await symlink(outside, path.join(root, 'up'));
    await symlink('good', path.join(root, 'inner'));
    await mkdir(path.join(root, '__MACOSX'));
    tree = await DatasetTree.open(root);
  });

  afterAll(() => removeFolder(outside));

  it.each([
    '../secret.png',
    'good/../../secret.png',
    '..\\secret.png',
    '/etc/hostname',
    'C:\\x',
    'good/link.png',
    'up/secret.png',
    '../set-2/1.png',
    'a\0b',
  ])('refuses %j', async (name) => {
    expect(await tree.locate(name)).toBe('unsafe');
  });

  it('never gives a path outside the root', async () => {
    const segment = fc.constantFrom('..', '.', 'good', 'up', 'inner', 'link.png', '1.png', 'secret.png', '', '\\', '/');
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 8 }), fc.constantFrom('/', '\\'), async (segments, slash) => {
        const found = await tree.locate(segments.join(slash));
        if (found !== undefined && found !== 'unsafe') {
          expect(found === tree.root || found.startsWith(tree.root + path.sep)).toBe(true);
        }
      }),
    );
  });

  it('lists what is inside, following links that stay inside only', async () => {
    expect(await tree.list()).toEqual({ directories: ['good', 'inner'], images: [] });
    expect(await tree.list('good')).toEqual({ directories: [], images: ['1.png'] });
    expect(await tree.list('nowhere')).toEqual({ directories: [], images: [] });
    expect(await tree.hasFile('good/1.png')).toBe(true);
    expect(await tree.hasFolder('up')).toBe(false);
  });
});
