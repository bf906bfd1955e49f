import { type Files, readFiles } from '../../../support/read-files';

/** Further members of the kinds of `../import/cases.test.ts` in Label Studio's files and in conversations. */
const rectangle = {
  id: 'r1',
  from_name: 'label',
  type: 'rectanglelabels',
  original_width: 160,
  original_height: 120,
  value: { x: 6.25, y: 8.3333333, width: 12.5, height: 16.6666667, rotation: 0, rectanglelabels: ['scratch'] },
};
const scratch = 'anomalous | scratch | scratch 400 at 10 10 20 20';
const task = (fields: object, image = 'a.png') => ({
  id: 1,
  data: { image: `/data/upload/1/5f0e1a2b-${image}` },
  ...fields,
});
const set = (...tasks: object[]): Files => ({ 'a.png': '', 'tasks.json': tasks });
const said = (...results: object[]) => set(task({ annotations: [{ id: 1, result: results }] }));
const choice = (...choices: string[]) => said({ id: 'c', from_name: 'quality', type: 'choices', value: { choices } });
const aside = (word: string) => ({ id: 'r1', from_name: 'verdict', type: 'choices', value: { choices: [word] } });
const by = (person: number, time: string, result: object[], more: object = {}) => ({
  id: person,
  completed_by: person,
  updated_at: `2024-01-0${time}T00:00:00Z`,
  result,
  ...more,
});
const normal = { id: 'c', from_name: 'quality', type: 'choices', value: { choices: ['OK'] } };

test.each<[string, Files, Record<string, string>, RegExp[]]>([
  ['choice OK', choice('OK'), { 'a.png': 'normal' }, []],
  ['choice NG', choice('NG'), { 'a.png': 'anomalous' }, []],
  ['choice Good', choice('Good'), { 'a.png': 'normal' }, []],
  ['choice Defective', choice('Defective'), { 'a.png': 'anomalous' }, []],
  ['choice "No Defect"', choice('No Defect'), { 'a.png': 'normal' }, []],
  ['choice Defect-free', choice('Defect-free '), { 'a.png': 'normal' }, []],
  ['choice Non-Defective', choice('Non-Defective'), { 'a.png': 'normal' }, []],
  ['choice Accept', choice('Accept'), { 'a.png': 'normal' }, []],
  ['choice Reject', choice('Reject'), { 'a.png': 'anomalous' }, []],
  ['choice Gut', choice('Gut'), { 'a.png': 'normal' }, []],
  ['choice 合格', choice('合格'), { 'a.png': 'normal' }, []],
  ['choice 不良品', choice('不良品'), { 'a.png': 'anomalous' }, []],
  ['choice 異常', choice('異常'), { 'a.png': 'anomalous' }, []],
  ['choice unsure', choice('unsure'), { 'a.png': 'unlabelled' }, [/^unknown_choice/]],
  [
    'choice OK beside a region',
    said(rectangle, normal),
    { 'a.png': 'unlabelled | scratch 400 at 10 10 20 20' },
    [/^contradiction a\.png/],
  ],
  [
    'a choice about a region without a name is its class',
    said(
      { ...rectangle, type: 'rectangle', value: { ...rectangle.value, rectanglelabels: undefined } },
      aside('scratch'),
    ),
    { 'a.png': scratch },
    [],
  ],
  [
    'a choice about a region that contradicts its class',
    said(rectangle, aside('OK')),
    { 'a.png': 'unlabelled' },
    [/^bad_row tasks\.json, task 0, result 0/, /^unlabelled a\.png/],
  ],
  [
    'a choice about a region called good that names a defect',
    said({ ...rectangle, value: { ...rectangle.value, rectanglelabels: ['good'] } }, aside('Scratch')),
    { 'a.png': 'anomalous | Scratch | Scratch 400 at 10 10 20 20' },
    [],
  ],
  ['a choice about a region that says how grave it is', said(rectangle, aside('minor')), { 'a.png': scratch }, []],
  ['both choices', choice('OK', 'NG'), { 'a.png': 'unlabelled' }, [/^unlabelled a\.png/]],
  [
    'only a cancelled annotation',
    set(task({ annotations: [{ id: 1, was_cancelled: true, result: [] }] })),
    { 'a.png': 'unlabelled' },
    [],
  ],
  [
    'a cancelled annotation with a region',
    set(task({ annotations: [{ id: 1, was_cancelled: true, result: [rectangle] }] })),
    { 'a.png': 'unlabelled' },
    [],
  ],
  [
    'only predictions',
    set(task({ annotations: [], predictions: [{ result: [rectangle] }] })),
    { 'a.png': 'unlabelled' },
    [],
  ],
  [
    'only a draft',
    set(task({ annotations: [], drafts: [{ result: [rectangle] }], predictions: [] })),
    { 'a.png': 'unlabelled' },
    [],
  ],
  [
    'an empty annotation that was submitted',
    set(task({ annotations: [{ id: 1, result: [] }] })),
    { 'a.png': 'normal' },
    [],
  ],
  [
    'null in place of the results',
    set(task({ annotations: [{ id: 1, result: null }] })),
    { 'a.png': 'unlabelled' },
    [/^bad_row/, /^unlabelled/],
  ],
  [
    'two people who disagree, the later of whom marked nothing',
    set(task({ annotations: [by(1, '1', [rectangle]), by(2, '2', [])] })),
    { 'a.png': 'unlabelled' },
    [/^contradiction a\.png/],
  ],
  [
    'two people who disagree, the later of whom marked a region',
    set(task({ annotations: [by(1, '1', [normal]), by(2, '2', [rectangle])] })),
    { 'a.png': 'unlabelled | scratch 400 at 10 10 20 20' },
    [/^contradiction a\.png/],
  ],
  [
    'one person who changed their mind',
    set(task({ annotations: [by(1, '1', [rectangle]), by(1, '2', [])] })),
    { 'a.png': 'normal' },
    [],
  ],
  [
    'two people, one of whose annotations is the ground truth',
    set(task({ annotations: [by(1, '1', [rectangle], { ground_truth: true }), by(2, '2', [])] })),
    { 'a.png': scratch },
    [],
  ],
  [
    'two people who agree: the later regions',
    set(
      task({
        annotations: [by(1, '2', [rectangle]), by(2, '1', [{ ...rectangle, value: { ...rectangle.value, x: 50 } }])],
      }),
    ),
    { 'a.png': scratch },
    [],
  ],
  [
    'one who cancelled and one who did not',
    set(task({ annotations: [by(1, '1', [rectangle]), by(2, '2', [], { was_cancelled: true })] })),
    { 'a.png': scratch },
    [],
  ],
  [
    'a rectangle turned by a quarter',
    said({ ...rectangle, value: { ...rectangle.value, x: 18.75, rotation: 90 } }),
    { 'a.png': scratch },
    [],
  ],
  [
    'a rectangle that was drawn to the left',
    said({ ...rectangle, value: { ...rectangle.value, x: 18.75, width: -12.5 } }),
    { 'a.png': scratch },
    [],
  ],
  [
    'a brush that is cut off',
    said({ ...rectangle, type: 'brushlabels', value: { format: 'rle', rle: [0, 1, 2], brushlabels: ['scratch'] } }),
    { 'a.png': 'anomalous | scratch' },
    [],
  ],
  [
    'a brush without its bytes',
    said({ ...rectangle, type: 'brushlabels', value: { brushlabels: ['scratch'] } }),
    { 'a.png': 'unlabelled' },
    [/^bad_row/, /^unlabelled/],
  ],
  [
    'a region of an unknown kind',
    said({ ...rectangle, type: 'cuboidlabels' }),
    { 'a.png': 'unlabelled' },
    [/^bad_row/, /^unlabelled/],
  ],
  [
    'a rectangle labelled normal',
    said({ ...rectangle, value: { ...rectangle.value, rectanglelabels: ['normal'] } }),
    { 'a.png': 'normal' },
    [],
  ],
  [
    'an address with a query',
    {
      'a.png': '',
      'tasks.json': [
        { data: { image: 'https://bucket.example/set/a.png?X-Sig=1%2F2' }, annotations: [{ result: [rectangle] }] },
      ],
    },
    { 'a.png': scratch },
    [],
  ],
  [
    'a local file',
    {
      'x/a.png': '',
      'tasks.json': [{ data: { image: '/data/local-files/?d=sets/x/a.png' }, annotations: [{ result: [rectangle] }] }],
    },
    { 'x/a.png': scratch },
    [],
  ],
  ['old completions', set(task({ completions: [{ id: 1, result: [rectangle] }] })), { 'a.png': scratch }, []],
  [
    'JSON-MIN with a choice',
    {
      'a.png': '',
      'p.json': [
        { image: '/data/upload/1/5f0e1a2b-a.png', id: 1, choice: 'Defective', annotator: 1, annotation_id: 1 },
      ],
    },
    { 'a.png': 'anomalous' },
    [],
  ],
  [
    'a rating alone says nothing about normal',
    said({ id: 'n', from_name: 'rating', type: 'rating', value: { rating: 3 } }),
    { 'a.png': 'unlabelled' },
    [],
  ],
  [
    'a taxonomy that names a defect',
    said({ id: 'n', from_name: 'kind', type: 'taxonomy', value: { taxonomy: [['Defect', 'Scratch']] } }),
    { 'a.png': 'unlabelled' },
    [],
  ],
])('%s', async (_, files, items, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual(items);
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
});

/** Beside a task with a region, so that what says nothing cannot pass for "nobody annotated the set". */
const beside = (...results: object[]): Files => ({
  'a.png': '',
  'b.png': '',
  'tasks.json': [
    task({ annotations: [{ id: 1, result: results }] }),
    task({ annotations: [{ id: 2, result: [rectangle] }] }, 'b.png'),
  ],
});
const control = (name: string, type: string, value: unknown) => ({
  id: `id-${name}`,
  from_name: name,
  type,
  value: { [type === 'textarea' ? 'text' : type]: value },
});
const min = (fields: object): Files => ({
  'a.png': '',
  'b.png': '',
  'p.json': [
    { image: '/data/upload/1/5f0e1a2b-a.png', id: 1, annotator: 1, annotation_id: 1, ...fields },
    {
      image: '/data/upload/1/5f0e1a2b-b.png',
      id: 2,
      annotator: 1,
      annotation_id: 2,
      label: [{ ...rectangle.value, original_width: 160, original_height: 120 }],
    },
  ],
});
const told = /^unlabelled a\.png/;
test.each<[string, Files, string, RegExp[]]>([
  ['a taxonomy', beside(control('kind', 'taxonomy', [['Defect', 'Scratch']])), 'unlabelled', [told]],
  ['a number', beside(control('n_defects', 'number', 3)), 'unlabelled', [told]],
  ['a number of what is good', beside(control('weight', 'number', 3)), 'unlabelled', [told, /^unknown_choice/]],
  ['a rating', beside(control('severity', 'rating', 3)), 'unlabelled', [told, /^unknown_choice tasks\.json, task 0/]],
  ['a comment', beside(control('comment', 'textarea', ['long scratch'])), 'unlabelled', [told, /^unknown_choice/]],
  ['a description', beside(control('description', 'textarea', ['long scratch'])), 'unlabelled', [told]],
  ['a control without a choice', beside(control('verdict', 'choices', [])), 'unlabelled', [told, /^unknown_choice/]],
  ['an arrow alone', beside({ type: 'relation', from_id: 'x', to_id: 'y' }), 'unlabelled', [told]],
  [
    'a good picture of a scratch',
    beside(control('image_quality', 'choices', ['Good']), control('defect', 'choices', ['Scratch'])),
    'unlabelled',
    [told],
  ],
  [
    'a good picture of an unknown defect',
    beside(control('image_quality', 'choices', ['Good']), control('defect', 'choices', ['Lunker'])),
    'unlabelled',
    [told],
  ],
  ['a defect by name', beside(control('defect', 'choices', ['Scratch'])), 'anomalous | Scratch', []],
  [
    'a good part, and no defect',
    beside(control('part', 'choices', ['Good']), control('defect', 'choices', ['None'])),
    'normal',
    [],
  ],
  [
    'a good part, and how it is lit',
    beside(control('part', 'choices', ['Good']), control('light', 'choices', ['bright'])),
    'normal',
    [],
  ],
  [
    'a good part with a rating and a comment',
    beside(control('part', 'choices', ['Good']), control('focus', 'rating', 3), control('note', 'textarea', ['left'])),
    'normal',
    [],
  ],
  [
    'a good part with a taxonomy of defects',
    beside(control('part', 'choices', ['Good']), control('kind', 'taxonomy', [['Defect', 'Scratch']])),
    'unlabelled',
    [told],
  ],
  [
    'a good part with three defects',
    beside(control('part', 'choices', ['Good']), control('n_defects', 'number', 3)),
    'unlabelled',
    [told],
  ],
  [
    'a good part with no defects, as a number',
    beside(control('part', 'choices', ['Good']), control('n_defects', 'number', 0)),
    'normal',
    [],
  ],
  ['OK and Scratch in one control', beside(control('verdict', 'choices', ['OK', 'Scratch'])), 'unlabelled', [told]],
  ['OK and a word in one control', beside(control('verdict', 'choices', ['OK', 'recheck'])), 'unlabelled', [told]],
  ['JSON-MIN: two controls', min({ photo: 'Good', defect: 'Scratch' }), 'unlabelled', [told]],
  ['JSON-MIN: no defect', min({ photo: 'Good', defect: 'None' }), 'normal', []],
  ['JSON-MIN: several choices', min({ verdict: { choices: ['OK', 'Scratch'] } }), 'unlabelled', [told]],
  ['JSON-MIN: no choice', min({ verdict: { choices: [] } }), 'unlabelled', [told]],
  ['JSON-MIN: a rating', min({ severity: 3 }), 'unlabelled', [told]],
  ['JSON-MIN: a number of defects', min({ n_defects: 3 }), 'unlabelled', [told]],
  ['JSON-MIN: a taxonomy', min({ kind: [['Defect', 'Scratch']] }), 'unlabelled', [told]],
  ['JSON-MIN: a description', min({ description: ['long scratch'] }), 'unlabelled', [told]],
  ['JSON-MIN: no region', min({ label: [] }), 'normal', []],
  [
    'a completion that was skipped',
    {
      'a.png': '',
      'b.png': '',
      'tasks.json': [
        task({ completions: [{ id: 1, skipped: true, result: [] }] }),
        task({ completions: [{ id: 2, result: [rectangle] }] }, 'b.png'),
      ],
    },
    'unlabelled',
    [/^not_labelled tasks.json$/],
  ],
])('%s, beside a region elsewhere', async (_, files, item, problems) => {
  const found = await readFiles(files);
  expect(found.items).toEqual({ 'a.png': item, 'b.png': scratch });
  problems.forEach((problem) => expect(found.problems).toContainEqual(expect.stringMatching(problem)));
  if (problems.length === 0) {
    expect(found.problems).toEqual([]);
  }
});

const talk = (question: string, answer: string): Files => ({
  'a.png': '',
  'b.png': '',
  'talk.json': [
    {
      image: 'a.png',
      conversations: [
        { from: 'human', value: `<image>\n${question}` },
        { from: 'gpt', value: answer },
      ],
    },
    {
      image: 'b.png',
      conversations: [
        { from: 'human', value: '<image>\nAny defect?' },
        { from: 'gpt', value: 'Yes.' },
      ],
    },
  ],
});
test.each([
  ['Are there any defects?', 'No, none.', 'normal'],
  ['Are there any defects?', 'No visible defects were found.', 'normal'],
  ['Is the part OK?', 'No defects were found, so yes.', 'normal'],
  ['Is the part OK?', 'Yes', 'normal'],
  ['Is it normal?', 'NO.', 'anomalous'],
  ['Is this image not normal?', 'Yes.', 'unlabelled'],
  ["Isn't there a scratch?", 'No.', 'unlabelled'],
  ['Is there a scratch?', 'No.', 'unlabelled'],
  ['Is there a scratch?', 'Yes, a long one.', 'anomalous'],
  ['Is the surface free of defects?', 'No.', 'anomalous'],
  ['Is the surface free of defects?', 'Yes.', 'normal'],
  ['Is the product normal or abnormal?', 'Abnormal.', 'anomalous'],
  ['Is the product normal or abnormal?', 'Normal', 'normal'],
  ['Is the product normal or abnormal?', 'Yes.', 'unlabelled'],
  ['Describe the image.', 'A bolt with a scratch.', 'unlabelled'],
  ['Is there any defect?', 'I cannot tell.', 'unlabelled'],
  ['Is there any defect?', 'None', 'normal'],
  ['Is there any defect?', 'There is no defect.', 'normal'],
  ['Is there any defect?', 'There is a scratch.', 'unlabelled'],
  ['Is there any defect?', 'No defects but a deep scratch.', 'unlabelled'],
  ['Is there any defect in the image?\nA. Yes\nB. No', 'B', 'normal'],
  ['Is there any defect in the image? (A) No (B) Yes', 'B.', 'anomalous'],
  ['这张图片里有没有缺陷？', '没有', 'normal'],
  ['这张图片里有缺陷吗？', '没有缺陷。', 'normal'],
  ['这张图片里有缺陷吗？', '有。', 'anomalous'],
  ['这个产品合格吗？', '不合格。', 'anomalous'],
  ['这个产品正常吗？', '不，不正常。', 'anomalous'],
  ['この画像に異常はありますか？', 'いいえ。', 'normal'],
  ['この画像に異常はありますか？', 'はい。', 'anomalous'],
  ['Gibt es einen Fehler?', 'Nein.', 'normal'],
  ['Ist das Teil in Ordnung?', 'Nein.', 'anomalous'],
])('%s %s', async (question, answer, label) => {
  expect((await readFiles(talk(question, answer))).items['a.png']).toBe(label);
});
