import { describeMask, formatExtent } from '@/lib/segmentation/mask-words';
import { imageStore, listProblems, rememberMessages } from '@/lib/workbench/state/images';
import { answer, id, image, inspection, question } from './sample-data';

beforeEach(() => imageStore.set({}));

it('reads image, inspection, mask and findings out of a conversation', () => {
  rememberMessages(id('c'), [question, answer]);
  expect(imageStore.get()[id('i')]).toMatchObject({
    name: 'part.png',
    conversationId: id('c'),
    inspection,
    masks: [{ label: 'crack' }],
  });
});

it('wakes nobody when a conversation brings nothing new', () => {
  rememberMessages(id('c'), [question, answer]);
  const before = imageStore.get();
  rememberMessages(id('c'), [question, answer]);
  expect(imageStore.get()).toBe(before);
});

describe('listProblems', () => {
  it('lists worded findings', () => {
    expect(listProblems({ [image.imageId]: image })).toMatchObject([
      { type: 'crack', imageName: 'part.png', severity: 'severe' },
    ]);
  });

  it('lists the regions of an inspection that no answer worded, worst first', () => {
    const bare = { ...image, findings: [], masks: [] };
    const problems = listProblems({ [image.imageId]: bare });
    expect(problems.map(({ regionId, severity }) => [regionId, severity])).toEqual([
      ['r1', 'severe'],
      ['r2', 'minor'],
    ]);
  });
});

it('describes a mask in words', () => {
  const text = describeMask(image, listProblems({ [image.imageId]: image }));
  expect(text).toBe(
    'part.png: highly suspicious, score 0.87. One region is marked. 1: crack, upper left, 3.2 % of the image, severe.',
  );
  expect(describeMask({ ...image, inspection: null }, [])).toContain('not inspected yet');
});

it.each([
  [3.24, '3.2 %'],
  [0.0412, '0.041 %'],
  [17.4, '17 %'],
])('formats %p as %s', (percent, text) => expect(formatExtent(percent)).toBe(text));
