import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Session, readSession, writeSession } from '@/lib/cli/session-file';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-session-'));
});

afterEach(() => rm(folder, { recursive: true }));

const image = { id: '/images/part.jpg', name: 'part.jpg', source: { path: '/images/part.jpg' } };
const session: Session = {
  bundle: 'looktwice-mini@0.1.0',
  focus: image.id,
  messages: [
    { role: 'user', text: 'Any defects?', images: [image], references: [] },
    { role: 'assistant', text: 'Yes, a scratch.', context: { transcript: '<seg>', tokens: [1, 2] } },
  ],
};

describe('the session file', () => {
  it('keeps a conversation across calls, and leaves nothing else behind', async () => {
    const path = join(folder, 'session.json');
    await writeSession(path, session);
    await writeSession(path, session);
    expect(await readSession(path)).toEqual(session);
    expect(await readdir(folder)).toEqual(['session.json']);
  });

  it('begins again where there is none', async () => {
    const empty = { bundle: null, focus: null, messages: [] };
    expect(await readSession(undefined)).toEqual(empty);
    expect(await readSession(join(folder, 'new.json'))).toEqual(empty);
  });

  it('refuses every file that is none, by its name, and does not touch it', async () => {
    const path = join(folder, 'other.json');
    const content = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify({ ...session, format: 2 })));
    await fc.assert(
      fc.asyncProperty(content, async (text) => {
        await writeFile(path, text);
        await expect(readSession(path)).rejects.toThrow(`--session ${path}: is not a session of looktwice`);
        expect(await readFile(path, 'utf8')).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a folder', async () => {
    await expect(readSession(folder)).rejects.toThrow('is not a session');
  });
});
