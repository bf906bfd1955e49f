import { newId } from '@/lib/contract';
import type { Principal } from '@/lib/auth/principal';
import type { ReviewItem, SubmitReview } from '@/lib/datasets/contract';
import { assign, readAssignments } from '@/lib/datasets/review/assign';
import { exportEntries } from '@/lib/datasets/export';
import { commentItem } from '@/lib/datasets/review/comment';
import { readItem } from '@/lib/datasets/review/describe-item';
import { measureAgreement } from '@/lib/datasets/review/measure-agreement';
import { readQueue } from '@/lib/datasets/review/queue';
import { submitReview, type ItemAddress, type ReviewOutcome } from '@/lib/datasets/review/submit-review';
import { undoReview } from '@/lib/datasets/review/undo-review';
import { database } from '@/lib/database/client';
import { findImage } from '@/lib/database/images';
import { maskArea } from '@/lib/segmentation/mask';
import { compressCounts, decodeRle, encodeRle } from '@/lib/segmentation/rle';
import { useDataDirectory } from '../support/data-directory';
import { SIZE, makeReviewSet } from '../support/review-set';

useDataDirectory();

const who = (userId: string): Principal => ({ userId, role: 'reviewer', via: 'session' });
const ann = who('ann');
const bob = who('bob');
const cy = who('cy');

/** A mask of the first `count` pixels, row by row. */
function maskOf(count: number) {
  const data = Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, index) => (index < count ? 1 : 0));
  const { size, counts } = encodeRle({ ...SIZE, data });
  return { size, counts: compressCounts(counts) };
}

function stored(outcome: ReviewOutcome): ReviewItem {
  if ('conflict' in outcome) {
    throw new Error(outcome.conflict.error.message);
  }
  return outcome.item;
}

async function prepare(count = 1) {
  const { datasetId, itemIds } = await makeReviewSet('ann', ['bob', 'cy', 'dee'], count);
  const address = (index = 0): ItemAddress => ({ datasetId, itemId: itemIds[index] ?? '' });
  const submit = async (person: Principal, review: SubmitReview, index = 0) =>
    stored(await submitReview(person, address(index), review));
  return { datasetId, itemIds, address, submit };
}

const rows = (itemId: string) => database().review.findMany({ where: { itemId }, orderBy: { createdAt: 'asc' } });

describe('a review', () => {
  it('is a new row with author and time, and the item says what it says, under a new revision', async () => {
    const { submit, address, itemIds } = await prepare();
    const first = await submit(ann, {
      revision: 0,
      verdict: 'relabelled',
      label: 'anomalous',
      defectType: 'crack',
      mask: maskOf(5),
      text: { description: 'A crack.' },
      comment: 'Look at the edge.',
    });
    expect(first).toMatchObject({
      revision: 1,
      annotation: { verdict: 'relabelled', label: 'anomalous', defectType: 'crack', description: 'A crack.' },
      reviews: [
        { reviewer: { id: 'ann', name: 'ANN' }, verdict: 'relabelled', comment: 'Look at the edge.', revision: 1 },
      ],
    });
    // Column by column: the first row's pixels 0..4.
    expect(first.mask).toEqual({ size: [6, 8], counts: [0, 1, 5, 1, 5, 1, 5, 1, 5, 1, 23] });
    const second = await submit(ann, { revision: 1, verdict: 'rejected' });
    // What the second review does not mention stays.
    expect(second.annotation).toEqual({ ...first.annotation, verdict: 'rejected' });
    expect((await rows(itemIds[0] ?? '')).map(({ verdict }) => verdict)).toEqual(['relabelled', 'rejected']);
    expect(await readItem(ann, address().datasetId, address().itemId)).toEqual(second);
  });

  it('on an older revision is refused with both versions; nothing is overwritten', async () => {
    const { submit, address, itemIds } = await prepare();
    await submit(ann, { revision: 0, verdict: 'accepted' });
    const late = await submitReview(ann, address(), { revision: 0, verdict: 'rejected', label: 'normal' });
    expect(late).toMatchObject({
      conflict: {
        error: { code: 'conflict' },
        current: { revision: 1, annotation: { verdict: 'accepted', label: 'anomalous' } },
        yours: { verdict: 'rejected', label: 'normal' },
      },
    });
    expect(await rows(itemIds[0] ?? '')).toHaveLength(1);
  });

  it('of many at once: exactly one is stored, all others are told', async () => {
    const { address, itemIds } = await prepare();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        submitReview(ann, address(), { revision: 0, verdict: 'accepted', text: { description: `${index}` } }),
      ),
    );
    const won = outcomes.filter((outcome) => 'item' in outcome);
    expect(won).toHaveLength(1);
    expect(await rows(itemIds[0] ?? '')).toHaveLength(1);
    const now = await readItem(ann, address().datasetId, address().itemId);
    expect(now).toEqual((won[0] as { item: ReviewItem }).item);
  });

  it('that changes a mask keeps the old one, which the new one supersedes; the same pixels are no new mask', async () => {
    const { submit } = await prepare();
    const first = await submit(ann, { revision: 0, verdict: 'accepted', mask: maskOf(5) });
    const same = await submit(ann, { revision: 1, verdict: 'accepted', mask: maskOf(5) });
    expect(same.annotation.maskId).toBe(first.annotation.maskId);
    const second = await submit(ann, { revision: 2, verdict: 'accepted', mask: maskOf(9) });
    const mask = await database().mask.findUniqueOrThrow({ where: { id: second.annotation.maskId ?? '' } });
    expect(mask).toMatchObject({
      supersedesId: first.annotation.maskId,
      authorId: 'ann',
      source: 'human',
      bbox: [0, 0, 8, 2],
    });
    expect(await database().mask.count({ where: { id: first.annotation.maskId ?? '' } })).toBe(1);
    const cleared = await submit(ann, { revision: 3, verdict: 'accepted', mask: null });
    expect([cleared.annotation.maskId, cleared.mask]).toEqual([null, null]);
  });

  it.each([
    ['of another size', { size: [8, 6] as [number, number], counts: maskOf(5).counts }, /has 6 x 8 px/],
    ['that is damaged', { size: [6, 8] as [number, number], counts: '!!' }, /cannot be read/],
    ['that is too short', { size: [6, 8] as [number, number], counts: '1' }, /cannot be read/],
  ])('with a mask %s is refused', async (_what, mask, message) => {
    const { address, itemIds } = await prepare();
    await expect(submitReview(ann, address(), { revision: 0, verdict: 'accepted', mask })).rejects.toThrow(message);
    expect(await rows(itemIds[0] ?? '')).toHaveLength(0);
  });

  it('skipping decides nothing: a decision that is there stays', async () => {
    const { submit } = await prepare();
    expect((await submit(ann, { revision: 0, verdict: 'skipped' })).annotation.verdict).toBe('skipped');
    await submit(ann, { revision: 1, verdict: 'accepted' });
    expect((await submit(ann, { revision: 2, verdict: 'skipped' })).annotation.verdict).toBe('accepted');
  });

  it('of a stranger finds no item', async () => {
    const { address } = await prepare();
    await expect(submitReview(bob, address(), { revision: 0, verdict: 'accepted' })).rejects.toThrow('no such item');
    await expect(readItem(bob, address().datasetId, address().itemId)).rejects.toThrow('no such item');
    await expect(commentItem(bob, address(), 'Hello')).rejects.toThrow('no such item');
    await expect(readQueue(bob, address().datasetId, { filter: 'all', order: 'path', limit: 10 })).rejects.toThrow(
      'no such data set',
    );
  });
});

describe('undo', () => {
  it('brings back what was before, step by step, as new rows', async () => {
    const { submit, address, itemIds } = await prepare();
    const before = await readItem(ann, address().datasetId, address().itemId);
    const first = await submit(ann, { revision: 0, verdict: 'accepted', mask: maskOf(3), defectType: 'dent' });
    await submit(ann, { revision: 1, verdict: 'relabelled', label: 'normal', mask: null });
    const once = stored(await undoReview(ann, address(), 2));
    expect([once.annotation, once.mask, once.revision]).toEqual([first.annotation, first.mask, 3]);
    const twice = stored(await undoReview(ann, address(), 3));
    expect(twice.annotation).toEqual(before.annotation);
    expect((await rows(itemIds[0] ?? '')).map(({ verdict }) => verdict)).toEqual([
      'accepted',
      'relabelled',
      'undone',
      'undone',
    ]);
    await expect(undoReview(ann, address(), 4)).rejects.toThrow('no review of yours');
  });

  it('does not take back what somebody else did, nor works on an older revision', async () => {
    const { submit, address, datasetId } = await prepare();
    await assign(ann, datasetId, { reviewerIds: ['bob'], perItem: 1, items: [address().itemId] });
    await submit(bob, { revision: 0, verdict: 'accepted' });
    await submit(ann, { revision: 1, verdict: 'rejected' });
    await expect(undoReview(bob, address(), 2)).rejects.toThrow('Somebody else reviewed this item after you');
    expect(await undoReview(ann, address(), 1)).toMatchObject({ conflict: { current: { revision: 2 } } });
  });
});

describe('a blind double review', () => {
  async function double() {
    const set = await prepare();
    const { datasetId, address } = set;
    await assign(ann, datasetId, {
      reviewerIds: ['bob', 'cy'],
      perItem: 2,
      adjudicatorId: 'dee',
      items: [address().itemId],
    });
    const read = (person: Principal) => readItem(person, datasetId, address().itemId);
    return { ...set, read };
  }

  it('shows the second reviewer nothing of the first before both are in', async () => {
    const { submit, read, address, datasetId } = await double();
    const untouched = await read(cy);
    await submit(bob, {
      revision: 0,
      verdict: 'rejected',
      label: 'normal',
      defectType: 'secret',
      mask: maskOf(4),
      text: { description: 'secret' },
      comment: 'secret',
    });
    await commentItem(bob, address(), 'secret');
    const blind = await read(cy);
    expect({ ...blind, assignments: untouched.assignments }).toEqual(untouched);
    expect(JSON.stringify(blind)).not.toContain('secret');
    // The adjudicator must not know either; a list of the set shows the item as it was.
    expect(JSON.stringify(await read(who('dee')))).not.toContain('secret');
    const listed = await readQueue(cy, datasetId, { filter: 'unreviewed', order: 'path', limit: 10 });
    expect(listed.rows).toMatchObject([{ verdict: null, label: 'anomalous', defectType: null }]);
    // The first sees the own review, and the item has left the own queue.
    expect(await read(bob)).toMatchObject({ annotation: { verdict: 'rejected', defectType: 'secret' }, revision: 1 });
    expect((await readQueue(bob, datasetId, { filter: 'mine', order: 'path', limit: 10 })).rows).toEqual([]);
    // Nobody decides over their heads.
    await expect(submitReview(ann, address(), { revision: 0, verdict: 'accepted' })).rejects.toThrow('blindly');
  });

  it('is not told by an export to an owner who takes part, until both are in', async () => {
    const { datasetId, address, submit } = await prepare(2);
    await submit(ann, { revision: 0, verdict: 'accepted', comment: 'before' }, 1);
    const items = [address().itemId];
    await assign(ann, datasetId, { reviewerIds: ['ann', 'bob'], perItem: 2, items });
    const exported = async () => {
      const lines = [];
      for await (const { content } of exportEntries(datasetId, {
        format: 'reviews-csv',
        accepted: false,
        task: 'segment',
      })) {
        lines.push(...('text' in content ? content.text.trim().split('\r\n').slice(1) : []));
      }
      return lines;
    };
    await submit(bob, { revision: 0, verdict: 'rejected', defectType: 'secret', comment: 'secret' });
    const blind = await exported();
    expect(blind).toHaveLength(2);
    expect(blind[0]).toMatch(/^000\.png,anomalous,{15}$/);
    expect(blind[1]).toMatch(/,ANN,accepted,.*before/);
    await submit(ann, { revision: 0, verdict: 'accepted' });
    const told = await exported();
    expect(told.filter((line) => line.startsWith('000.png'))).toHaveLength(2);
    expect(told[0]).toMatch(/,BOB,rejected,.*secret/);
  });

  it('settles the item where both agree, masks that nearly coincide included', async () => {
    const { submit, read } = await double();
    await submit(bob, { revision: 0, verdict: 'accepted', mask: maskOf(10), defectType: 'crack' });
    const closed = await submit(cy, { revision: 0, verdict: 'accepted', mask: maskOf(11), defectType: 'crack' });
    expect(closed).toMatchObject({ blind: false, disputed: false, annotation: { verdict: 'accepted' } });
    expect(closed.reviews.map(({ reviewer }) => reviewer?.id)).toEqual(['bob', 'cy']);
    expect(await read(bob)).toEqual(closed);
  });

  it('leaves a disputed item to the adjudicator, and makes what was seen before out of date', async () => {
    const { submit, read, address, datasetId } = await double();
    await submit(bob, { revision: 0, verdict: 'accepted', mask: maskOf(10) });
    const closed = await submit(cy, { revision: 0, verdict: 'accepted', mask: maskOf(30) });
    expect(closed).toMatchObject({ disputed: true, annotation: { verdict: 'second_opinion', maskId: null } });
    // The first reviewer's page still shows revision 1: deciding from there is a conflict.
    expect(await submitReview(bob, address(), { revision: 1, verdict: 'rejected' })).toHaveProperty('conflict');
    expect((await readQueue(who('dee'), datasetId, { filter: 'mine', order: 'path', limit: 9 })).rows).toHaveLength(1);
    expect((await readQueue(ann, datasetId, { filter: 'disputed', order: 'path', limit: 9 })).rows).toHaveLength(1);
    const settled = await submit(who('dee'), { revision: closed.revision, verdict: 'accepted', mask: maskOf(12) });
    expect(settled).toMatchObject({ disputed: false, annotation: { verdict: 'accepted' } });
    expect(await read(bob)).toEqual({ ...settled, opinions: null });
    expect((await readQueue(who('dee'), datasetId, { filter: 'mine', order: 'path', limit: 9 })).rows).toEqual([]);
    await expect(undoReview(bob, address(), settled.revision)).rejects.toThrow('Both reviews');
  });

  it('lays both masks before the adjudicator, who gets them from nowhere while one is missing', async () => {
    const { submit, read, address } = await double();
    const dee = who('dee');
    expect((await read(dee)).opinions).toBeNull();
    await submit(bob, { revision: 0, verdict: 'accepted', mask: maskOf(10), defectType: 'crack' });
    const waiting = await read(dee);
    expect([waiting.opinions, waiting.mask, waiting.reviews]).toEqual([null, null, []]);
    const closed = await submit(cy, { revision: 0, verdict: 'rejected', label: 'normal', mask: maskOf(40) });
    // Not for the reviewers, nor for an owner who has named somebody else to decide.
    expect([closed.opinions, (await read(bob)).opinions, (await read(ann)).opinions]).toEqual([null, null, null]);
    const told = await read(dee);
    expect(told.opinions?.by).toMatchObject([
      { reviewer: { id: 'bob', name: 'BOB' }, verdict: 'accepted', label: 'anomalous', defectType: 'crack' },
      { reviewer: { id: 'cy', name: 'CY' }, verdict: 'rejected', label: 'normal', defectType: null },
    ]);
    expect(told.opinions?.by.map(({ mask }) => mask && maskArea(decodeRle(mask)))).toEqual([10, 40]);
    expect(told.opinions?.overlaps).toEqual([{ between: [0, 1], iou: 0.25 }]);
    // A stranger's page does not exist; a decision of the adjudicator changes neither opinion.
    await expect(readItem(who('eve'), address().datasetId, address().itemId)).rejects.toThrow('no such item');
    const settled = await submit(dee, { revision: told.revision, verdict: 'accepted', mask: maskOf(12) });
    expect(settled.opinions).toEqual(told.opinions);
  });

  it('lays them before the owner where nobody is named to decide; one mask alone overlaps with nothing', async () => {
    const { submit, datasetId, address } = await prepare(2);
    const items = [address(0).itemId, address(1).itemId];
    await assign(ann, datasetId, { reviewerIds: ['bob', 'cy'], perItem: 2, items });
    await submit(bob, { revision: 0, verdict: 'accepted', mask: maskOf(10) });
    await submit(cy, { revision: 0, verdict: 'accepted' });
    const told = await readItem(ann, datasetId, items[0] ?? '');
    expect(told.opinions?.by.map(({ mask }) => mask === null)).toEqual([false, true]);
    expect(told.opinions?.overlaps).toEqual([{ between: [0, 1], iou: 0 }]);
    await submit(bob, { revision: 0, verdict: 'accepted' }, 1);
    expect((await readItem(ann, datasetId, items[1] ?? '')).opinions).toBeNull();
    await submit(cy, { revision: 0, verdict: 'rejected' }, 1);
    expect((await readItem(ann, datasetId, items[1] ?? '')).opinions?.overlaps).toEqual([
      { between: [0, 1], iou: null },
    ]);
  });

  it('can be undone while it is open, and counts as not done then', async () => {
    const { submit, address, read } = await double();
    await submit(bob, { revision: 0, verdict: 'rejected' });
    const undone = stored(await undoReview(bob, address(), 1));
    expect(undone).toMatchObject({ blind: true, annotation: { verdict: null }, revision: 2 });
    expect((await read(bob)).assignments.find(({ reviewer }) => reviewer.id === 'bob')?.done).toBe(false);
    // The other's review does not close the round now.
    expect(await submit(cy, { revision: 0, verdict: 'accepted' })).toMatchObject({ blind: true });
  });

  it('is measured: kappa and mask overlap of what both said before they saw each other', async () => {
    const { submit, datasetId, itemIds } = await prepare(4);
    await assign(ann, datasetId, { reviewerIds: ['bob', 'cy'], perItem: 2, items: itemIds });
    const verdicts = [
      ['accepted', 'accepted'],
      ['accepted', 'rejected'],
      ['rejected', 'rejected'],
    ] as const;
    for (const [index, [first, second]] of verdicts.entries()) {
      await submit(bob, { revision: 0, verdict: first, ...(index === 0 && { mask: maskOf(10) }) }, index);
      await submit(cy, { revision: 0, verdict: second, ...(index === 0 && { mask: maskOf(20) }) }, index);
    }
    await submit(bob, { revision: 0, verdict: 'accepted' }, 3);
    const agreement = await measureAgreement(ann, datasetId);
    expect(agreement).toMatchObject({ waiting: 1, pairs: [{ items: 3, maskIou: 0.5, masks: 1 }] });
    // p_o = 2/3, p_e = 2/3 * 1/3 + 1/3 * 2/3 = 4/9
    expect(agreement.pairs[0]?.verdictKappa).toBeCloseTo((2 / 3 - 4 / 9) / (1 - 4 / 9), 12);
  });
});

describe('assignments', () => {
  it('deal undecided items out in turn, and again without doubling', async () => {
    const { datasetId } = await prepare(5);
    const wanted = { reviewerIds: ['bob', 'cy'], perItem: 1 as const, items: 'unreviewed' as const };
    expect(await assign(ann, datasetId, wanted)).toEqual({ added: 5 });
    expect(await assign(ann, datasetId, wanted)).toEqual({ added: 0 });
    const { people, mayAssign } = await readAssignments(ann, datasetId);
    const counts = Object.fromEntries(people.map(({ id, assigned }) => [id, assigned]));
    expect([counts['bob'], counts['cy'], mayAssign]).toEqual([3, 2, true]);
  });

  it('let a reviewer look at the pictures of the set, and nobody else', async () => {
    const { datasetId, itemIds } = await prepare(2);
    const { imageId } = await database().datasetItem.findUniqueOrThrow({ where: { id: itemIds[1] ?? '' } });
    expect(await findImage(bob, imageId)).toBeNull();
    await assign(ann, datasetId, { reviewerIds: ['bob'], perItem: 1, items: [itemIds[0] ?? ''] });
    // References lie in the same set, so all of its pictures count.
    expect((await findImage(bob, imageId))?.id).toBe(imageId);
    expect(await findImage(cy, imageId)).toBeNull();
    await database().dataset.update({ where: { id: datasetId }, data: { deletedAt: new Date() } });
    expect(await findImage(bob, imageId)).toBeNull();
  });

  it('are the owner’s to make, and name people that exist, two for a double review', async () => {
    const { datasetId, itemIds } = await prepare(2);
    const items = [itemIds[0] ?? ''];
    await assign(ann, datasetId, { reviewerIds: ['bob'], perItem: 1, items });
    await expect(assign(bob, datasetId, { reviewerIds: ['bob'], perItem: 1, items })).rejects.toThrow('Only the owner');
    await expect(assign(cy, datasetId, { reviewerIds: ['cy'], perItem: 1, items })).rejects.toThrow('no such data set');
    await expect(assign(ann, datasetId, { reviewerIds: ['nobody'], perItem: 1, items })).rejects.toThrow('nobody');
    await expect(assign(ann, datasetId, { reviewerIds: ['bob', 'bob'], perItem: 2, items })).rejects.toThrow(
      'two different',
    );
    await expect(assign(ann, datasetId, { reviewerIds: ['bob'], perItem: 1, items: [newId()] })).rejects.toThrow(
      'no such item',
    );
    // Assigned to one item, a person sees this one only.
    expect((await readQueue(bob, datasetId, { filter: 'all', order: 'path', limit: 9 })).rows).toHaveLength(1);
  });
});

describe('the queue', () => {
  it.each(['path', 'score', 'disagreement', 'uncertainty'] as const)(
    'pages by %s without a repeat or a gap',
    async (order) => {
      const { datasetId, itemIds } = await prepare(9);
      const values = [0.5, null, 0.9, 0.5, 0.1, null, 0.9, 0.3, 0.5];
      for (const [index, id] of itemIds.entries()) {
        const value = values[index] ?? null;
        await database().datasetItem.update({
          where: { id },
          data: { score: value, disagreement: value, uncertainty: value },
        });
      }
      const seen: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await readQueue(ann, datasetId, { filter: 'all', order, limit: 2, ...(cursor ? { cursor } : {}) });
        expect(page.total).toBe(cursor ? null : 9);
        seen.push(...page.rows.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor);
      const expected = itemIds.map((id, index) => ({ id, value: values[index] ?? -1, index }));
      if (order !== 'path') {
        expected.sort((a, b) => b.value - a.value || a.index - b.index);
      }
      expect(seen).toEqual(expected.map(({ id }) => id));
    },
  );

  it('filters, and counts progress', async () => {
    const { submit, datasetId } = await prepare(4);
    await submit(ann, { revision: 0, verdict: 'accepted' }, 0);
    await submit(ann, { revision: 0, verdict: 'second_opinion' }, 1);
    await submit(ann, { revision: 0, verdict: 'skipped' }, 2);
    const count = async (filter: 'all' | 'unreviewed' | 'second_opinion' | 'skipped' | 'disputed') =>
      (await readQueue(ann, datasetId, { filter, order: 'path', limit: 9 })).total;
    expect([
      await count('all'),
      await count('unreviewed'),
      await count('second_opinion'),
      await count('skipped'),
    ]).toEqual([4, 1, 1, 1]);
    expect(await count('disputed')).toBe(0);
    const { progress } = await readQueue(ann, datasetId, { filter: 'all', order: 'path', limit: 1 });
    expect(progress).toEqual({ items: 4, reviewed: 3 });
  });

  it('refuses a cursor that is none of ours', async () => {
    const { datasetId } = await prepare();
    await expect(readQueue(ann, datasetId, { filter: 'all', order: 'path', limit: 1, cursor: 'x' })).rejects.toThrow(
      'cursor',
    );
  });
});
