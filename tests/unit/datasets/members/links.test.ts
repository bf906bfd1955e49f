import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { readSet } from '@/lib/datasets/import/read-set';
import { layFiles, removeFolder } from '../../../support/folder-tree';

/** Entries of a set's folder that are no files: links, sockets. */
let root = '';
afterEach(() => removeFolder(root));

async function read(files: Record<string, string>, links: Record<string, string>) {
  root = await layFiles(files);
  for (const [place, target] of Object.entries(links)) {
    await symlink(target, path.join(root, place));
  }
  const { items, problems } = await readSet(root);
  return {
    items: Object.fromEntries(items.map((item) => [item.path, item.label])),
    problems: problems.map(({ code, place }) => `${code} ${place}`),
  };
}

test('links that lead out of the set or nowhere are reported, and so are folders', async () => {
  const found = await read(
    { 'good/a.png': '', 'bad/b.png': '' },
    { 'good/c.png': '/etc/hostname', 'bad/d.png': 'gone.png', 'bad/more': '/etc' },
  );
  expect(found.items).toEqual({ 'bad/b.png': 'anomalous', 'good/a.png': 'normal' });
  expect(found.problems.sort()).toEqual(['unsafe_entry bad/d.png', 'unsafe_entry bad/more', 'unsafe_entry good/c.png']);
});

test('links to what git-annex keeps are images under their own names', async () => {
  const found = await read(
    { '.git/annex/1.png': '', 'blobs/2': '', 'x.png': '' },
    { 'a.png': '.git/annex/1.png', 'b.png': 'blobs/2' },
  );
  expect(found.items).toEqual({ 'a.png': 'unlabelled', 'b.png': 'unlabelled', 'x.png': 'unlabelled' });
});

test('an image whose YOLO rows are a link to nothing is no background', async () => {
  const found = await read(
    { 'images/a.png': '', 'images/b.png': '', 'labels/a.txt': '0 0.5 0.5 0.2 0.2' },
    { 'labels/b.txt': '/srv/labels/b.txt' },
  );
  expect(found.items).toEqual({ 'images/a.png': 'anomalous', 'images/b.png': 'unlabelled' });
  expect(found.problems).toContain('unsafe_entry labels/b.txt');
});

// Windows has no sockets in folders.
(process.platform === 'win32' ? test.skip : test)('a socket is reported, and not read', async () => {
  root = await layFiles({ 'good/a.png': '', 'bad/b.png': '' });
  const server = createServer().listen(path.join(root, 'good/c.png'));
  await once(server, 'listening');
  const { items, problems } = await readSet(root);
  server.close();
  expect(items.map((item) => item.path)).toEqual(['bad/b.png', 'good/a.png']);
  expect(problems).toEqual([expect.objectContaining({ code: 'unsafe_entry', place: 'good/c.png' })]);
});
