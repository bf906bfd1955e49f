import fc from 'fast-check';
import { MaskHistory } from '@/lib/workbench/mask-editor/mask-history';
import { drawStroke } from '@/lib/segmentation/brush';
import { grow, shrink } from '@/lib/segmentation/morphology';
import { arbitraryMask } from '../segmentation/arbitrary-mask';

type Action = { kind: 'stroke'; x: number; y: number; radius: number; value: 0 | 1 } | { kind: 'grow' | 'shrink' };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant('stroke' as const),
    x: fc.integer({ min: -2, max: 26 }),
    y: fc.integer({ min: -2, max: 26 }),
    radius: fc.integer({ min: 1, max: 6 }),
    value: fc.constantFrom(0 as const, 1 as const),
  }),
  fc.record({ kind: fc.constantFrom('grow' as const, 'shrink' as const) }),
);

function act(history: MaskHistory, done: Action): boolean {
  if (done.kind === 'stroke') {
    const at = { x: done.x, y: done.y };
    const box = drawStroke(history.mask, at, at, done.radius, done.value);
    return box !== null && history.commit(box);
  }
  history.mask.data.set((done.kind === 'grow' ? grow : shrink)(history.mask, 1).data);
  return history.commit();
}

it('undo walks back through every state to the first, redo forward to the last', () => {
  fc.assert(
    fc.property(arbitraryMask, fc.array(action, { maxLength: 12 }), (mask, actions) => {
      const history = new MaskHistory(mask);
      const states = [[...mask.data]];
      for (const each of actions) {
        if (act(history, each)) {
          states.push([...history.mask.data]);
        }
      }
      for (let at = states.length - 2; at >= 0; at -= 1) {
        expect(history.undo()).toBe(true);
        expect([...history.mask.data]).toEqual(states[at]);
      }
      expect([history.undo(), history.canUndo]).toEqual([false, false]);
      for (const state of states.slice(1)) {
        expect(history.redo()).toBe(true);
        expect([...history.mask.data]).toEqual(state);
      }
      expect(history.redo()).toBe(false);
    }),
  );
});

it('a new step after an undo forgets what could be redone, and the given mask is never changed', () => {
  const mask = { width: 3, height: 1, data: Uint8Array.from([0, 0, 0]) };
  const history = new MaskHistory(mask);
  history.mask.data[0] = 1;
  expect(history.commit([0, 0, 1, 1])).toBe(true);
  history.undo();
  history.mask.data[2] = 1;
  expect(history.commit()).toBe(true);
  expect([history.canRedo, [...history.mask.data], [...mask.data]]).toEqual([false, [0, 0, 1], [0, 0, 0]]);
});

it('what changes nothing is no step', () => {
  const history = new MaskHistory({ width: 2, height: 2, data: new Uint8Array(4) });
  expect([history.commit(), history.canUndo]).toEqual([false, false]);
});
