import { newId, type ImagePart } from '@/lib/contract';
import { mentionedImages } from '@/lib/assistant/answers/message-images';
import { expandCommand } from '@/lib/contract/commands';
import { cleanName } from '@/lib/images/receive-image';
import { snippetAround } from '@/lib/assistant/conversations/snippet';
import { toBlocks } from '@/lib/assistant/exports/plain-text';

const image = (name: string): ImagePart => ({ imageId: newId(), role: 'subject', name, width: 10, height: 10 });
const images = [image('good part.png'), image('bad.png'), image('bad.png'), image('4')];

test.each([
  ['what about #2?', [1]],
  ['#good-part.png and #BAD.png.', [0, 2]],
  ['#1 #1 #9 #unknown', [0]],
  ['the name wins: #4', [3]],
  ['no#2mention, issue # 2', []],
])('%s', (text, expected) => {
  expect(mentionedImages(text, images)).toEqual(expected.map((index) => images[index]));
});

test.each([
  ['/actions', { command: 'actions', question: 'What corrective actions do you recommend for this defect?' }],
  [
    '  /actions  for painted parts ',
    { command: 'actions', question: 'What corrective actions do you recommend for this defect? for painted parts' },
  ],
  ['/nonsense x', { command: null, question: '/nonsense x' }],
  ['is /inspect a command?', { command: null, question: 'is /inspect a command?' }],
  ['', { command: null, question: '' }],
])('expands %j', (text, expected) => {
  expect(expandCommand(text)).toEqual(expected);
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\photos\\part.png', 'part.png'],
  ['a\u0000b\u202egnp.exe', 'abgnp.exe'],
  ['', 'image'],
  [null, 'image'],
  ['x'.repeat(500), 'x'.repeat(200)],
])('shows the file name %j as %j', (name, expected) => {
  expect(cleanName(name)).toBe(expected);
});

test('a snippet holds the hit and marks its cuts', () => {
  const text = `${'word '.repeat(60)}needle ${'word '.repeat(60)}`;
  expect(snippetAround(text, ['NEEDLE'])).toMatch(/^….{35,45}needle .*…$/);
  expect(snippetAround('short text', ['absent'])).toBe('short text');
});

test('reports print the Markdown of answers as plain blocks', () => {
  expect(
    toBlocks(
      '# Title\nYes, **two** defects\nin the `centre`.\n\n- one\n  more\n2. *two* [x](http://e.com)\n\nEnd 3 * 4 * 5',
    ),
  ).toEqual([
    { kind: 'heading', text: 'Title' },
    { kind: 'paragraph', text: 'Yes, two defects in the centre.' },
    { kind: 'item', text: 'one more' },
    { kind: 'item', text: 'two x' },
    { kind: 'paragraph', text: 'End 3 * 4 * 5' },
  ]);
});
