import { AnswerLog } from '@/lib/assistant/answers/answer-log';
import type { ChatChunk } from '@/lib/assistant/answers/chunks';

const delta = (text: string): ChatChunk => ({ type: 'text-delta', id: '0', delta: text });

async function readAll(stream: ReadableStream<ChatChunk>): Promise<ChatChunk[]> {
  const chunks: ChatChunk[] = [];
  const reader = stream.getReader();
  for (let result = await reader.read(); !result.done; result = await reader.read()) {
    chunks.push(result.value);
  }
  return chunks;
}

test('early and late readers get every chunk once, in order', async () => {
  const log = new AnswerLog(() => Promise.resolve());
  const early = readAll(log.read());
  log.push(delta('a'));
  log.push(delta('b'));
  const late = readAll(log.read());
  await log.settle();
  log.push(delta('c'));
  log.end();
  const whole = [delta('a'), delta('b'), delta('c')];
  expect(await early).toEqual(whole);
  expect(await late).toEqual(whole);
  expect(await readAll(log.read())).toEqual(whole);
});

test('a reader that leaves disturbs nobody', async () => {
  const log = new AnswerLog(() => Promise.resolve());
  const leaving = log.read().getReader();
  const staying = readAll(log.read());
  log.push(delta('a'));
  await leaving.read();
  await leaving.cancel();
  log.push(delta('b'));
  log.end();
  expect(await staying).toEqual([delta('a'), delta('b')]);
});

test('writes batches in order, joined, without status', async () => {
  const batches: [number, ChatChunk[]][] = [];
  const log = new AnswerLog(async (seq, chunks) => {
    await Promise.resolve();
    batches.push([seq, chunks]);
  });
  log.push(delta('a'));
  log.push(delta('b'));
  log.push({ type: 'data-status', data: { stage: 'writing' }, transient: true });
  await log.settle();
  log.push(delta('c'));
  await log.settle();
  await log.settle();
  expect(batches).toEqual([
    [0, [delta('ab')]],
    [1, [delta('c')]],
  ]);
  log.end();
});

test('says so when a batch could not be written', async () => {
  const log = new AnswerLog(() => Promise.reject(new Error('disk full')));
  log.push(delta('a'));
  await expect(log.settle()).rejects.toThrow('disk full');
  log.end();
});
