import { tmpdir } from 'node:os';
import { withoutPaths } from '@/lib/http/without-paths';

beforeAll(() => {
  process.env.LOOKTWICE_DATA = '/srv/data (1)';
  process.env.LOOKTWICE_ENGINES = '/etc/looktwice/engines.yaml';
});
afterAll(() => {
  delete process.env.LOOKTWICE_DATA;
  delete process.env.LOOKTWICE_ENGINES;
});

test.each([
  ["ENOENT, open '/srv/data (1)/imports/x/files/a/labels.json'", "ENOENT, open 'labels.json'"],
  ['/srv/data (1)/blobs/ab/cd/abcd is damaged: save it again', 'abcd is damaged: save it again'],
  ['/srv/data (1) has no images: name the folder', 'the server’s directory has no images: name the folder'],
  [`${tmpdir()}/x/y.png and ${process.cwd()}/dist/a.mjs`, 'y.png and a.mjs'],
  ['/etc/looktwice/engines.yaml: engines.a is wrong.', 'engines.yaml: engines.a is wrong.'],
  ['The image is cut off.', 'The image is cut off.'],
  ['The folder /home/me/photos is not there', 'The folder /home/me/photos is not there'],
])('%s', (message, shown) => {
  expect(withoutPaths(message)).toBe(shown);
});
