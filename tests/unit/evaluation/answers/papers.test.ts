import path from 'node:path';
import { type AnswerCase, readCases, toConversations } from '@/lib/evaluation/answers/cases';
import { judgeAnswer } from '@/lib/evaluation/answers/judge';
import { VISA_DR_QUESTION } from '@/lib/evaluation/answers/paper-cases';
import { paperTable, writePaperTable } from '@/lib/evaluation/answers/paper-tables';
import { layFiles, removeFolder } from '../../../support/folder-tree';

const MVTEC = 'DS-MVTec/bottle/image';
const choice = (type: string, Answer = 'A') => ({
  ...{ Question: `Which ${type}?`, Answer, Options: { A: 'Yes', B: 'No' }, type },
});

/** Files as the papers publish them, about a few images. */
const FILES = {
  'test_data.json': [
    { image: 'VisA/candle/Data/1.jpg', anomaly: true },
    { image: 'VisA/candle/Data/2.jpg', anomaly: false },
    { image: 'VisA/cashew/Data/3.jpg', anomaly: true },
  ],
  'visa_dr.json': [
    {
      image: 'VisA/candle/Data/1.jpg',
      questions: ['What is wrong?', 'What could have caused it?'],
      answers: ['The wick is bent.', 'A careless hand.'],
    },
    { image: 'VisA/pcb2/Data/4.jpg', questions: ['What is wrong?'] },
    { image: 'VisA/cashew/Data/3.jpg', questions: ['What is wrong?'] },
  ],
  'instruct.json': [
    {
      id: 'one',
      image: 'VisA/candle/Data/1.jpg',
      conversations: [
        { from: 'human', value: '<image>\nWhat is wrong?' },
        { from: 'gpt', value: 'The wick is bent.' },
      ],
    },
  ],
  'mmad.json': {
    [`${MVTEC}/broken_large/000.png`]: {
      image_path: `${MVTEC}/broken_large/000.png`,
      mask_path: 'DS-MVTec/bottle/mask/broken_large/000.png',
      random_templates: ['MVTec-AD/bottle/train/good/3.png'],
      similar_templates: ['MVTec-AD/bottle/train/good/1.png', 'MVTec-AD/bottle/train/good/2.png'],
      conversation: [
        choice('Anomaly Detection'),
        choice('Object Structure', 'B'),
        choice('Object Details'),
        choice('Defect Classification'),
      ],
    },
    [`${MVTEC}/good/001.png`]: { mask_path: '', conversation_v2: [choice('Anomaly Detection', 'B')] },
    [`${MVTEC}/good/none.png`]: { mask_path: '' },
    'VisA/candle/test/good/2.png': { conversation: [choice('Anomaly Detection', 'B'), choice('Object Analysis')] },
  },
};

let root: string;
beforeAll(async () => {
  const images = [
    ...['candle/Data/1.jpg', 'candle/Data/2.jpg', 'cashew/Data/3.jpg', 'pcb2/Data/4.jpg', 'candle/test/good/2.png'].map(
      (image) => `VisA/${image}`,
    ),
    ...[
      `${MVTEC}/broken_large/000.png`,
      `${MVTEC}/good/001.png`,
      'MVTec-AD/bottle/train/good/2.png',
      'MVTec-AD/bottle/train/good/3.png',
    ],
  ];
  root = await layFiles({
    ...Object.fromEntries(images.map((image) => [image, 'x'])),
    ...Object.fromEntries(Object.entries(FILES).map(([name, content]) => [name, JSON.stringify(content)])),
    'other.json': '[{"picture": 1}]',
    'missing.json': JSON.stringify([{ image: 'VisA/candle/Data/9.jpg', anomaly: true }]),
    'outside.json': JSON.stringify([{ image: '../../etc/passwd', anomaly: true }]),
  });
});
afterAll(() => removeFolder(root));

const read = (name: string, folder = root) => readCases(path.join(root, name), folder);
const judge = (entry: AnswerCase, text: string) => judgeAnswer(entry, { text, mask: undefined });
const tableOf = async (name: string, answers: string[]) => {
  const { paper, cases } = await read(name);
  if (paper === null) {
    throw new Error('It is no benchmark.');
  }
  return paperTable(
    paper,
    cases,
    cases.map((entry, index) => judge(entry, answers[index] ?? '')),
  );
};

describe('VisA-D&R, detection', () => {
  it('asks the question of the paper about each image of its file', async () => {
    const { paper, cases } = await read('test_data.json');
    expect(paper).toBe('visa-dr-detection');
    expect(cases.map(({ id, label, group, question }) => [id, label, group, question])).toEqual([
      ['VisA/candle/Data/1.jpg', 1, 'candle', VISA_DR_QUESTION],
      ['VisA/candle/Data/2.jpg', 0, 'candle', VISA_DR_QUESTION],
      ['VisA/cashew/Data/3.jpg', 1, 'cashew', VISA_DR_QUESTION],
    ]);
  });

  it('finds the images where the folder is VisA’s own', async () => {
    const { cases } = await read('test_data.json', path.join(root, 'VisA'));
    expect(cases[0]?.path).toBe((await read('test_data.json')).cases[0]?.path);
  });

  it('has the mean over objects, where anything but Yes or yes says no, as in the paper’s program', async () => {
    const { columns, rows } = await tableOf('test_data.json', ['Yes, a bent wick.', 'yes', 'YES.']);
    expect(columns).toEqual(['Accuracy', 'Precision', 'Recall', 'F1-score']);
    expect(rows).toEqual([
      { name: 'candle', values: [0.5, 0.5, 1, 2 / 3] },
      { name: 'cashew', values: [0, 0, 0, 0] },
      { name: 'mean over objects', values: [0.25, 0.25, 0.5, 1 / 3] },
    ]);
  });
});

describe('VisA-D&R, reasoning', () => {
  it('asks the questions of a conversation one after the other, without the boards that the paper leaves out', async () => {
    const { paper, cases } = await read('visa_dr.json');
    expect(paper).toBe('visa-dr-reasoning');
    expect(cases.map(({ id, follows, reference }) => [id, follows, reference])).toEqual([
      ['VisA/candle/Data/1.jpg#1', undefined, 'The wick is bent.'],
      ['VisA/candle/Data/1.jpg#2', 'VisA/candle/Data/1.jpg#1', 'A careless hand.'],
      ['VisA/cashew/Data/3.jpg#1', undefined, undefined],
    ]);
    expect(toConversations(cases).map((talk) => talk.length)).toEqual([2, 1]);
  });

  it('reads conversations as Anomaly-Instruct has them', async () => {
    const { paper, cases } = await read('instruct.json');
    expect([paper, cases.map(({ question, reference }) => [question, reference])]).toEqual([
      'visa-dr-reasoning',
      [['What is wrong?', 'The wick is bent.']],
    ]);
  });

  it('has ROUGE-L by question, of those that have an answer to compare with', async () => {
    const table = await tableOf('visa_dr.json', ['The wick is bent.', 'Heat.', 'A crack.']);
    expect(table.rows).toEqual([
      { name: 'question 1', values: [1, null, null] },
      { name: 'question 2', values: [0, null, null] },
      { name: 'all', values: [0.5, null, null] },
    ]);
    // What is not computed is said, not shown as a number.
    expect(writePaperTable(table)).toMatch(
      /\| all \| 50\.0 \| – \| – \|\n\nSBERT is not computed.*\n\nGPT-Score is not computed/,
    );
  });
});

describe('MMAD', () => {
  it('asks each question with its options, and knows the normal images that are there', async () => {
    const { paper, cases } = await read('mmad.json');
    expect(paper).toBe('mmad');
    expect(cases.map(({ group, choice: asked }) => [group, asked?.type])).toEqual([
      ['DS-MVTec', 'Anomaly Detection'],
      ['DS-MVTec', 'Object Structure'],
      ['DS-MVTec', 'Object Details'],
      ['DS-MVTec', 'Defect Classification'],
      ['DS-MVTec', 'Anomaly Detection'],
      ['VisA', 'Anomaly Detection'],
      ['VisA', 'Object Analysis'],
    ]);
    expect(cases[0]?.question).toContain('A. Yes\nB. No');
    const { random = [], similar = [] } = cases[0]?.normals ?? {};
    expect([random, similar].map((each) => each.map((file) => path.basename(file)))).toEqual([['3.png'], ['2.png']]);
  });

  it('has the paper’s subtasks by source, of detection the mean of normal and anomalous images', async () => {
    const { columns, rows } = await tableOf('mmad.json', ['A', 'A', 'A', 'B', 'A', 'B', 'no idea']);
    expect(columns).toEqual([
      ...['Anomaly Detection', 'Defect Classification', 'Defect Localization', 'Defect Description'],
      ...['Defect Analysis', 'Object Classification', 'Object Analysis', 'Average'],
    ]);
    expect(rows).toEqual([
      { name: 'DS-MVTec', values: [0.5, 0, null, null, null, null, 0.5, 1 / 3] },
      { name: 'VisA', values: [1, null, null, null, null, null, 0, 0.5] },
      { name: 'Average', values: [0.75, 0, null, null, null, null, 0.25, (1 / 3 + 0.5) / 2] },
    ]);
  });

  it('is written as a table in percent', async () => {
    const text = writePaperTable(await tableOf('mmad.json', ['A', 'A', 'A', 'B', 'A', 'B', 'no idea']));
    expect(text).toContain('| VisA | 100.0 | – | – | – | – | – | 0.0 | 50.0 |\n');
  });
});

it.each([
  ['other.json', /other\.json holds no question that is understood: it is neither VisA-D&R's .* nor MMAD's mmad\.json/],
  ['missing.json', /the image VisA\/candle\/Data\/9\.jpg does not exist/],
  ['outside.json', /the image \.\.\/\.\.\/etc\/passwd lies outside the folder/],
])('refuses %s', async (name, message) => {
  await expect(read(name)).rejects.toThrow(message);
});
