import { join } from 'node:path';
import { expandFolders } from '@/lib/cli/expand-folders';
import { layFiles, removeFolder } from '../../support/folder-tree';

it('puts the images of a folder in its place (case n05)', async () => {
  const root = await layFiles({
    'b.PNG': '',
    'a.jpg': '',
    'notes.txt': '',
    '.hidden.jpg': '',
    'deep/er/c.tiff': '',
    'empty/readme.md': '',
  });
  const names = ['a.jpg', 'b.PNG', 'deep/er/c.tiff'].map((name) => join(root, name));
  expect(await expandFolders([root, 'absent.png'])).toEqual([...names, 'absent.png']);
  await expect(expandFolders([join(root, 'empty')])).rejects.toThrow('holds no image');
  await removeFolder(root);
});
