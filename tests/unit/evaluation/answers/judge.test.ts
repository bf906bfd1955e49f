import { type AnswerCase } from '@/lib/evaluation/answers/cases';
import { answerMetrics, judgeAnswer } from '@/lib/evaluation/answers/judge';
import { createMask, type Mask } from '@/lib/segmentation/mask';

/** A mask of 100 x 100 px with a square of 20 px at the upper left: 4 % of the image. */
function upperLeft(): Mask {
  const mask = createMask(100, 100);
  for (let y = 5; y < 25; y += 1) {
    mask.data.fill(1, y * 100 + 5, y * 100 + 25);
  }
  return mask;
}

const ask = (extra: Partial<AnswerCase> = {}): AnswerCase => ({
  id: 'a',
  path: 'a.png',
  question: 'Any defects?',
  ...extra,
});

describe('judgeAnswer', () => {
  it('checks statements against the mask that came with the answer', () => {
    const right = judgeAnswer(ask(), { text: 'Yes, a dent at the upper left, 4 % of the image.', mask: upperLeft() });
    expect(right).toMatchObject({ verdict: 'yes', statements: { made: 2, agree: 2 }, maskFitsVerdict: true });
    const wrong = judgeAnswer(ask(), { text: 'Yes, a dent at the lower right, 4 % of the image.', mask: upperLeft() });
    expect(wrong.statements).toEqual({ made: 2, agree: 1 });
  });

  it('wants a mask with a yes and none with a no', () => {
    expect(judgeAnswer(ask(), { text: 'Yes.', mask: undefined }).maskFitsVerdict).toBe(false);
    expect(judgeAnswer(ask(), { text: 'No, it is sound.', mask: undefined }).maskFitsVerdict).toBe(true);
    expect(judgeAnswer(ask(), { text: 'No.', mask: upperLeft() }).maskFitsVerdict).toBe(false);
  });
});

describe('answerMetrics', () => {
  it('judges each case by what it has', () => {
    const choice = { type: 'Anomaly Detection', question: 'Which?', options: { A: 'Yes', B: 'No' }, answer: 'B' };
    const cases = [ask({ label: 1 }), ask({ label: 0 }), ask({ reference: 'a long scratch' }), ask({ choice })];
    const texts = ['Yes, at the upper left.', 'Yes.', 'A scratch.', 'B'];
    const judged = cases.map((entry, i) =>
      judgeAnswer(entry, { text: texts[i] ?? '', mask: i === 0 ? upperLeft() : undefined }),
    );
    const metrics = answerMetrics(cases, judged);
    expect(metrics.verdicts).toMatchObject({ accuracy: 0.5, precision: 0.5, recall: 1, total: 2 });
    expect(metrics.rougeL).toBeCloseTo(0.8, 12);
    expect(metrics.statementAgreement).toBe(1);
    expect(metrics.maskFitsVerdict).toBe(0.5);
    expect(metrics.choices).toMatchObject({ mean: 1 });
  });

  it('leaves out what nothing asks for', () => {
    expect(answerMetrics([], [])).toEqual({
      verdicts: null,
      rougeL: null,
      judgeScore: null,
      statementAgreement: null,
      maskFitsVerdict: null,
      choices: null,
    });
  });
});
