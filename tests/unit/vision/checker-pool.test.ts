import { DEFAULT_LIMITS, ImageChecker } from '@/lib/vision/checker/client';
import { CheckerPool } from '@/lib/vision/checker/pool';
import type { CheckedImage } from '@/lib/vision/checker/protocol';

const checked: CheckedImage = { width: 1, height: 1, mime: 'image/png', notes: [], orientation: 1 };

/** A pool whose checkers decode when told to, and what each was given, by its niceness. */
function makePool() {
  const decoded: [path: string, niceness: number][] = [];
  const done: (() => void)[] = [];
  const pool = new CheckerPool((niceness) => {
    const checker = new ImageChecker({ ...DEFAULT_LIMITS, niceness });
    jest.spyOn(checker, 'check').mockImplementation((path) => {
      decoded.push([path, niceness]);
      return new Promise((resolve) => done.push(() => resolve(checked)));
    });
    return checker;
  });
  return { pool, decoded, done };
}

test('who sends in numbers is decoded by a process that stands back, others by one that does not', async () => {
  const { pool, decoded, done } = makePool();
  const many = Array.from({ length: 8 }, (_, i) => pool.check(`many-${i}`, 'ada'));
  const one = pool.check('one', 'bob');
  for (let ended = 0; ended < 9; ended += 1) {
    await new Promise(setImmediate);
    done.shift()?.();
  }
  await Promise.all([...many, one]);
  const niceness = new Map(decoded);
  expect(niceness.get('one')).toBe(0);
  // The first came alone, and the last few are no longer many.
  const kinds = Array.from({ length: 8 }, (_, i) => (niceness.get(`many-${i}`) === 0 ? 'prompt' : 'patient'));
  expect(kinds).toEqual(['prompt', 'patient', 'patient', 'patient', 'prompt', 'prompt', 'prompt', 'prompt']);
});

test('a file that cannot be decoded gives its process back', async () => {
  const check = jest.fn<Promise<CheckedImage>, []>().mockRejectedValueOnce(new Error('damaged'));
  check.mockResolvedValue(checked);
  const pool = new CheckerPool((niceness) => {
    const checker = new ImageChecker({ ...DEFAULT_LIMITS, niceness });
    jest.spyOn(checker, 'check').mockImplementation(check);
    return checker;
  });
  await expect(pool.check('bad', 'ada')).rejects.toThrow('damaged');
  await expect(Promise.all([1, 2, 3].map((i) => pool.check(`good-${i}`, 'ada')))).resolves.toHaveLength(3);
  expect(pool.waiting).toBe(0);
});
