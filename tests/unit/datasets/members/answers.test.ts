import { readFiles } from '../../../support/read-files';

/** What yes-or-no answers about an image say, and what they leave open. */
const read = (...turns: readonly string[]) => {
  const conversations = turns.map((value, index) => ({ from: index % 2 === 0 ? 'human' : 'gpt', value }));
  return readFiles({ 'a.png': '', 'talk.json': [{ image: 'a.png', conversations }] });
};

test.each([
  // Answers that take something out of themselves, or that nobody could give.
  ['Is there any defect?', 'No, except for a small scratch on the left.', 'unlabelled'],
  ['Is there any defect?', 'No idea, the image is too blurry.', 'unlabelled'],
  ['Is there any defect?', 'No doubt: the seal is torn.', 'unlabelled'],
  ['Is there any defect? If so, where?', 'No. 2 pin is bent.', 'unlabelled'],
  ['Is there any defect?', 'No, there is a small scratch.', 'unlabelled'],
  ['Is there any defect?', 'No, the image cannot be judged.', 'unlabelled'],
  ['这张图片有缺陷吗？', '无法判断。', 'unlabelled'],
  ['这个产品正常吗？', '对不起，看不清。', 'unlabelled'],
  ['这个产品正常吗？', '是的，但左侧有一道划痕。', 'unlabelled'],
  ['这个产品正常吗？', '有一道划痕。', 'unlabelled'],
  ['Gibt es einen Fehler?', 'Nein, abgesehen von einem Kratzer.', 'unlabelled'],
  ['Is the part OK?', 'Yes, but it has a small scratch on the edge.', 'unlabelled'],
  ['Is the part OK?', 'Yes. A scratch runs across it.', 'unlabelled'],
  ['Is the product normal?', 'Yes and no.', 'unlabelled'],
  // Questions about one kind, a degree, a place, or a defect that they take for granted.
  ['Is there a scratch defect in the image?', 'No.', 'unlabelled'],
  ['Is there more than one defect?', 'No, only one.', 'unlabelled'],
  ['Is there more than one defect?', 'No.', 'unlabelled'],
  ['Are there any other defects?', 'None.', 'unlabelled'],
  ['Are there any other defects?', 'No other defects.', 'unlabelled'],
  ['Does the image show a severe defect?', 'No, the defect is minor.', 'unlabelled'],
  ['Does the image show a severe defect?', 'No.', 'unlabelled'],
  ['Is the defect larger than 1 mm?', 'No.', 'unlabelled'],
  ['Can this defect be repaired?', 'No.', 'unlabelled'],
  ['Is there any defect on the left side?', 'No.', 'unlabelled'],
  ['Is the image quality good?', 'Yes.', 'unlabelled'],
  ['图中有划痕缺陷吗？', '没有', 'unlabelled'],
  ['还有其他缺陷吗？', '没有', 'unlabelled'],
  // As decisive as before.
  ['Are there any scratches, dents or other defects?', 'No.', 'normal'],
  ['Is there any defect, such as a crack?', 'No.', 'normal'],
  ['Is there any defect on this chip?', 'No.', 'normal'],
  ['Is there any defect?', 'No, I cannot see any scratch or dent.', 'normal'],
  ['Is there any defect?', 'No. The surface is smooth, without scratches.', 'normal'],
  ['Is there any defect?', 'No, it is defect-free.', 'normal'],
  ['Is there any defect?', 'No visible damage, and nothing is missing.', 'normal'],
  ['Is the part OK?', 'Yes, it is fine.', 'normal'],
  ['Is there any defect?', 'Yes, but a small one only.', 'anomalous'],
  ['Are there any other defects?', 'Yes.', 'anomalous'],
])('%s %s', async (question, answer, label) => {
  const found = await read(question, answer);
  expect(found.items).toEqual({ 'a.png': label });
  expect(found.problems).toEqual(label === 'unlabelled' ? ['unknown_answer talk.json'] : []);
});

test.each<[string, string[], string]>([
  [
    'the kind asked for is not there, another is',
    ['Is there a scratch defect?', 'No.', 'What is visible?', 'A dent.'],
    'unlabelled',
  ],
  [
    'all is well, and then it is not',
    ['Any defect?', 'No.', 'What is visible?', 'A dent at the top right.'],
    'unlabelled',
  ],
  [
    'no defect, and none described',
    ['Any defect?', 'No.', 'Describe it.', 'A lid without a dent or scratch.'],
    'normal',
  ],
  ['no other defect than the one', ['Any defect?', 'Yes, a dent.', 'Any other defects?', 'No.'], 'anomalous'],
])('%s', async (_, turns, label) => {
  const found = await read(...turns);
  expect(found.items).toEqual({ 'a.png': label });
  expect(found.problems).toEqual(label === 'unlabelled' ? ['unknown_answer talk.json'] : []);
});
