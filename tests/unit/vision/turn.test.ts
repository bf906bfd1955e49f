import fc from 'fast-check';
import { TURNS, turnBack, turnPlanes, turnedCells } from '@/lib/vision/turn';

const GIVEN = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
const rows = (plane: Float32Array) => [0, 3, 6].map((start) => [...plane.subarray(start, start + 3)].join(''));

describe('turns', () => {
  it('are the seven other orientations of a square', () => {
    const turned = TURNS.map((turn) => rows(turnPlanes(GIVEN, 3, turn)).join(' '));
    expect(turned).toEqual([
      '369 258 147',
      '321 654 987',
      '987 654 321',
      '147 258 369',
      '741 852 963',
      '789 456 123',
      '963 852 741',
    ]);
  });

  it('turn every plane alike', () => {
    const two = Float32Array.from([...GIVEN, ...GIVEN.map((value) => 10 * value)]);
    for (const turn of TURNS) {
      const found = turnPlanes(two, 3, turn);
      expect(found.subarray(9)).toEqual(found.subarray(0, 9).map((value) => 10 * value));
    }
  });

  it('show every cell once', () => {
    for (const turn of TURNS) {
      expect([...turnedCells(5, turn)].sort((a, b) => a - b)).toEqual([...Array(25).keys()]);
    }
  });

  it('are undone by turning back, whatever the width of a cell', () => {
    const grids = fc.record({
      side: fc.integer({ min: 1, max: 6 }),
      width: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 2 }),
      turn: fc.constantFrom(...TURNS),
    });
    fc.assert(
      fc.property(grids, ({ side, width, count, turn }) => {
        const length = side * side;
        const planes = Float32Array.from({ length: count * width * length }, (_, i) => i);
        const turned = turnPlanes(planes, side, turn);
        // Channels last, as the encoder gives them.
        const last = (values: Float32Array) =>
          Float32Array.from(values, (_, i) => {
            const [grid, cell, channel] = [Math.floor(i / (length * width)), Math.floor(i / width) % length, i % width];
            return values[(grid * width + channel) * length + cell] ?? NaN;
          });
        expect(turnBack(last(turned), { side, width }, turn)).toEqual(last(planes));
      }),
    );
  });
});
