import path from 'node:path';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { DETECTION_QUESTION, detectionCases, readCases } from '@/lib/evaluation/answers/cases';
import { layFiles, removeFolder } from '../../../support/folder-tree';

describe('questions', () => {
  let root: string;
  const file = (name: string): string => path.join(root, name);

  beforeAll(async () => {
    const lines = [
      { image: 'cup/test/dent/1.png', question: 'What is wrong?', answer: 'A dent at the left.', label: 1 },
      { image: 'cup/test/good/2.png', question: 'Is it sound?' },
    ];
    root = await layFiles({
      'cup/train/good/0.png': 'x',
      'cup/test/good/2.png': 'x',
      'cup/test/dent/1.png': 'x',
      'questions.jsonl': `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
      'outside.jsonl': JSON.stringify({ image: '../../etc/passwd', question: 'What?' }),
      'broken.jsonl': '{"image": "cup/test/good/2.png"}',
    });
  });

  afterAll(() => removeFolder(root));

  it('ask about every test image of a set', async () => {
    expect(detectionCases(await readDataset(root)).map(({ id, label, question }) => [id, label, question])).toEqual([
      ['cup/test/dent/1.png', 1, DETECTION_QUESTION],
      ['cup/test/good/2.png', 0, DETECTION_QUESTION],
    ]);
  });

  it('come from JSON lines, with what there is to judge by', async () => {
    const { paper, cases } = await readCases(file('questions.jsonl'), root);
    expect(paper).toBeNull();
    expect(cases.map(({ path: _path, ...rest }) => rest)).toEqual([
      { id: 'cup/test/dent/1.png#1', question: 'What is wrong?', reference: 'A dent at the left.', label: 1 },
      { id: 'cup/test/good/2.png#2', question: 'Is it sound?' },
    ]);
  });

  it.each([
    ['outside.jsonl', 'line 1: the image ../../etc/passwd lies outside the folder'],
    ['broken.jsonl', 'line 1 holds no question'],
    ['missing.jsonl', 'is no file of questions'],
  ])('refuse %s', async (name, message) => {
    await expect(readCases(file(name), root)).rejects.toThrow(message);
  });
});
