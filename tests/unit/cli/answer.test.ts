import sharp from 'sharp';
import type { TurnEvent } from '@/lib/turn/types';
import { Answer } from '@/lib/cli/answer';
import { maskPng } from '@/lib/cli/mask-png';
import { integer, number } from '@/lib/cli/option-values';
import { ProgressLine } from '@/lib/cli/progress';

const mask = (counts: number[]): TurnEvent => ({
  type: 'mask',
  imageId: 'a',
  rle: { size: [2, 3], counts },
  bbox: [0, 0, 1, 1],
  areaFraction: 0.5,
  label: 'crack',
  score: 0.9,
});

describe('an answer', () => {
  it('gathers text and parts, and passes statuses by', () => {
    const answer = new Answer();
    const events: TurnEvent[] = [
      { type: 'status', stage: 'writing' },
      { type: 'text', delta: 'Yes' },
      { type: 'text', delta: ', a crack.' },
      { type: 'notice', kind: 'unsure', imageId: 'a', text: 'Unsure (0.50)', action: 'attach-reference' },
      mask([0, 3, 3]),
      { type: 'followups', followups: [{ label: 'Impact', prompt: 'What impact?', topic: 'impact' }] },
    ];
    events.forEach((event) => answer.add(event));
    expect(answer.toJson()).toMatchObject({
      answer: 'Yes, a crack.',
      notices: [{ image: 'a', kind: 'unsure', text: 'Unsure (0.50)', action: 'attach-reference' }],
      masks: [{ image: 'a', label: 'crack', rle: { counts: [0, 3, 3] } }],
      followups: [{ topic: 'impact' }],
      inspections: [],
    });
  });
});

describe('the mask file', () => {
  it('joins all masks, 255 where something was marked', async () => {
    const png = await maskPng([
      { size: [2, 3], counts: [0, 1, 5] },
      { size: [2, 3], counts: [5, 1] },
    ]);
    const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 3, height: 2, channels: 1 });
    expect([...data]).toEqual([255, 0, 0, 0, 0, 255]);
  });

  it('is none when nothing was marked', async () => {
    expect(await maskPng([])).toBeUndefined();
  });
});

describe('numbers as options', () => {
  it.each(['', ' ', 'x', 'NaN', 'Infinity', '3', '-1'])('refuses %j', (text) => {
    expect(() => number(0, 2)(text)).toThrow('Give a number from 0 to 2.');
  });

  it('reads what lies within', () => {
    expect(number(0, 2)('0.5')).toBe(0.5);
    expect(integer(1, 9)('9')).toBe(9);
    expect(() => integer(1, 9)('1.5')).toThrow('whole number');
  });
});

describe('the progress line', () => {
  const record = (isTTY: boolean) => {
    const written: string[] = [];
    const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
    return { line: new ProgressLine(stream, 'a\u001b]0;evil\u0007.jpg'), written };
  };

  it('writes nothing where there is no terminal', () => {
    const { line, written } = record(false);
    line.update({ stage: 'looking', done: 1, total: 2 });
    line.clear();
    expect(written).toEqual([]);
  });

  it('draws a bar and removes it; file names cannot command the terminal', () => {
    const { line, written } = record(true);
    line.update({ stage: 'looking', done: 1, total: 2 });
    line.clear();
    line.clear();
    expect(written).toEqual([`\r\u001b[K${'█'.repeat(10)}${'░'.repeat(10)} looking 1/2 a?]0;evil?.jpg`, '\r\u001b[K']);
  });
});
