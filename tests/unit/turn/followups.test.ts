import { suggestFollowups } from '@/lib/turn/followups';

const topics = (situation: Partial<Parameters<typeof suggestFollowups>[0]>) =>
  suggestFollowups({ image: true, defect: null, asked: ['Any defect?'], references: false, ...situation }).map(
    ({ topic }) => topic,
  );

describe('suggestFollowups', () => {
  it('asks about a finding by its name', () => {
    const [impact] = suggestFollowups({ image: true, defect: 'crack', asked: ['Any defect?'], references: false });
    expect(impact).toEqual({ label: 'Impact', prompt: 'What is the impact of this crack?', topic: 'impact' });
    const [unnamed] = suggestFollowups({ image: true, defect: 'unknown', asked: [], references: false });
    expect(unnamed?.prompt).toBe('What is the impact of this anomaly?');
  });

  it('never asks again what was asked', () => {
    expect(topics({ defect: 'crack', asked: ['Any defect? If so, suggest corrective actions.'] })).not.toContain(
      'actions',
    );
    expect(topics({ defect: 'crack', asked: ['Why did this happen?', 'write a short inspection report. '] })).toEqual([
      'impact',
      'actions',
      'ship',
      'verify',
    ]);
  });

  it('offers a comparison for a clean image, until one was made', () => {
    expect(topics({})).toEqual(['sure', 'basis', 'ship', 'compare']);
    expect(topics({ references: true })).not.toContain('compare');
  });

  it('says what it can do when there is no image', () => {
    expect(topics({ image: false })).toEqual(['meta']);
  });
});
