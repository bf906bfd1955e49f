import fc from 'fast-check';
import { ReplyReader } from '@/lib/engines/remote/reply-reader';

/** What a reader makes of a text that comes in pieces of these lengths. */
function read(text: string, cuts: readonly number[] = [1]) {
  const reader = new ReplyReader();
  const all = { text: '', boxes: 0, segs: 0 };
  const take = ({ text: shown, boxes, segs }: ReturnType<ReplyReader['push']>) => {
    all.text += shown;
    all.boxes += boxes.length;
    all.segs += segs;
  };
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = cuts[turn % cuts.length] ?? 1;
    take(reader.push(text.slice(at, at + length)));
    at += length;
  }
  take(reader.end());
  return all;
}

describe('what is written for programs is taken out of the text', () => {
  it.each([
    [
      'a code block',
      'There is a crack.\n```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "crack"}]\n```',
      'There is a crack.\n',
      1,
    ],
    ['a bare list', 'A crack. [{"bbox_2d": [1, 2, 3, 4]}, {"bbox_2d": [5, 6, 7, 8]}] Done.', 'A crack.  Done.', 2],
    ['an object', '{"bbox": [1, 2, 3, 4]}', '', 1],
    [
      "Qwen-VL's tokens",
      'The <|object_ref_start|>crack<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|> is long.',
      'The  is long.',
      1,
    ],
    ['box tags', '<box>[[1, 2, 3, 4]]</box>A dent.', 'A dent.', 1],
  ])('%s', (_, text, shown, boxes) => {
    expect(read(text)).toEqual({ text: shown, boxes, segs: 0 });
  });

  it("LISA's and our own mask token", () => {
    expect(read('It is here: [SEG].')).toEqual({ text: 'It is here: .', boxes: 0, segs: 1 });
    expect(read('Yes <seg> a crack')).toEqual({ text: 'Yes  a crack', boxes: 0, segs: 1 });
  });
});

it.each([
  'A list [1] and a note {see above}.',
  'Code:\n```ts\nconst a = [1];\n```\nend',
  'a < b, [{ and no more',
  '{"answer": 42}',
  '```',
  '<box>never closed',
  'The box [10, 20, 30, 40] is fine.',
])('leaves text as it is: %s', (text) => {
  expect(read(text)).toEqual({ text, boxes: 0, segs: 0 });
});

it('reads the same however the text is cut', () => {
  const pieces = fc.array(
    fc.constantFrom(
      'A crack. ',
      '[{"bbox_2d": [1, 2, 3, 4]}]',
      '```json\n{"box": [1, 2, 3, 4]}\n```',
      '<seg>',
      ' [1] ',
      '{',
      '"',
      '```',
      '\n',
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pieces, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }), (parts, cuts) => {
      expect(read(parts.join(''), cuts)).toEqual(read(parts.join(''), [10_000]));
    }),
  );
});
