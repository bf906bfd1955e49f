import { boxesIn, toNamedBoxes, writeBox } from '@/lib/engines/remote/boxes';

const sizes = { sent: { width: 500, height: 250 }, original: { width: 2000, height: 1000 } };
const auto = (model: string) => ({ boxes: 'auto' as const, model });
const read = (value: unknown, model = 'qwen2.5-vl') => toNamedBoxes(boxesIn(value), auto(model), sizes);

describe('boxes in the dialects of models', () => {
  it.each([
    [
      'pixels of the picture as sent (Qwen2.5-VL)',
      [{ bbox_2d: [50, 25, 100, 50], label: 'crack' }],
      'qwen2.5-vl',
      [200, 100, 200, 100],
    ],
    [
      'thousandths (Qwen3-VL)',
      [{ bbox_2d: [100, 100, 200, 200], label: 'crack' }],
      'qwen3-vl-8b',
      [200, 100, 200, 100],
    ],
    [
      'thousandths, told by numbers beyond the picture',
      [{ bbox: [600, 300, 700, 400], label: 'crack' }],
      'seer',
      [1200, 300, 200, 100],
    ],
    ['fractions', [{ box: [0.1, 0.1, 0.2, 0.2], label: 'crack' }], 'seer', [200, 100, 200, 100]],
    ['rows first (Gemini)', [{ box_2d: [100, 200, 200, 400], label: 'crack' }], 'gemini-2', [400, 100, 400, 100]],
    ['corners in any order', [{ bbox: [100, 50, 50, 25], label: 'crack' }], 'seer', [200, 100, 200, 100]],
  ])('reads %s', (_, value, model, box) => {
    expect(read(value, model)).toEqual([{ box, label: 'crack' }]);
  });

  it('finds them deep in an object, and bare lists', () => {
    expect(read({ findings: [{ where: { bbox_2d: [0, 0, 50, 50] } }] })).toEqual([
      { box: [0, 0, 200, 200], label: null },
    ]);
    expect(read([[0, 0, 50, 50]])).toHaveLength(1);
  });

  it.each([
    ['no extent', [{ bbox: [10, 10, 10, 20] }]],
    ['words for numbers', [{ bbox: ['1', '2', '3', '4'] }]],
    ['three numbers', [{ bbox: [1, 2, 3] }]],
    ['numbers that are none', [{ bbox: [1, 2, Infinity, 4] }]],
    ['nothing', null],
  ])('leaves out what has %s', (_, value) => {
    expect(read(value)).toEqual([]);
  });

  it('keeps boxes within the picture, and no more than 16', () => {
    expect(read([{ bbox: [400, 200, 900, 900] }], 'seer-thousand')[0]?.box).toEqual([800, 200, 1000, 700]);
    expect(
      toNamedBoxes(boxesIn([{ bbox: [-50, -50, 5000, 5000] }]), { boxes: 'pixels', model: 'x' }, sizes)[0]?.box,
    ).toEqual([0, 0, 2000, 1000]);
    expect(read(Array.from({ length: 90 }, (_, i) => ({ bbox: [i, 0, i + 2, 9] })))).toHaveLength(16);
  });

  it('does not follow a value without end', () => {
    let deep: unknown = { bbox: [1, 2, 3, 4] };
    for (let i = 0; i < 1000; i += 1) {
      deep = [deep];
    }
    expect(read(deep)).toEqual([]);
  });

  it.each(['pixels', 'unit', 'thousand'] as const)('reads what it writes, in %s', (boxes) => {
    const config = { boxes, model: 'seer' };
    const written = writeBox([400, 200, 800, 400], config, sizes) as [number, number, number, number];
    expect(toNamedBoxes([{ corners: written, label: null, key: 'bbox_2d' }], config, sizes)[0]?.box).toEqual([
      400, 200, 800, 400,
    ]);
  });
});
