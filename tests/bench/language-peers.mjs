/**
 * Speed of the language model beside llama.cpp (node-llama-cpp) and, on demand, transformers.js, alternating in one
 * process.
 *
 *   node --import tsx tests/bench/language-peers.mjs --peers DIR --gguf FILE [--threads 2] [--rounds 5] [--prompt 300]
 * [--answer 128] \
 *     [--transformers MODEL]
 *
 * DIR is a directory outside the repository with `npm install node-llama-cpp`; FILE is SmolLM2-135M-Instruct.Q4_1.gguf
 * (the training command fetch-base gets it). Prints JSON: per engine the rounds and their medians, and our medians over
 * each peer's. `cpu` counts processor seconds of all threads: on a busy machine compare it with --threads 1, the wall
 * clock says little then. MODEL is what `python -m looktwice_train.language_base.transformers_js MODEL` wrote: our int4
 * base in the form that transformers.js loads, without LoRA; of two greedy answers of 24 tokens one equals ours without
 * LoRA, the other parts from it after twelve words (activations are rounded to int8, and the attention kernels differ).
 * It needs `npm install --ignore-scripts @huggingface/transformers` in DIR as well. transformers.js' decoding is its
 * generate() of the answer less its generate() of one token over the same prompt, which is its prefill.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    peers: { type: 'string' },
    gguf: { type: 'string' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    prompt: { type: 'string', default: '300' },
    answer: { type: 'string', default: '128' },
    transformers: { type: 'string' },
  },
});
if (values.peers === undefined || values.gguf === undefined) {
  console.error('Give --peers DIR and --gguf FILE.');
  process.exit(2);
}
const [threads, rounds, promptTokens, answerTokens] = [values.threads, values.rounds, values.prompt, values.answer].map(
  Number,
);
process.env.LOOKTWICE_THREADS = String(threads);

const { LanguageModel, benchLanguage } = await import('../../lib/language/index.ts');
const { parseManifest, bundleName } = await import('../../lib/engine/manifest.ts');

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function timed(work) {
  const [wall, cpu] = [performance.now(), cpuMs()];
  await work();
  return { ms: performance.now() - wall, cpuMs: cpuMs() - cpu };
}

async function openOurs() {
  const directory = resolve('models/mini');
  const manifest = parseManifest(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  const path = (file) => join(directory, file);
  const model = await LanguageModel.open({ directory, name: bundleName(manifest), manifest, path });
  return (nonce) => benchLanguage(model, { promptTokens, decodeTokens: answerTokens, nonce });
}

async function openLlama() {
  const require = createRequire(join(resolve(values.peers), 'package.json'));
  const { getLlama, LlamaLogLevel } = await import(pathToFileURL(require.resolve('node-llama-cpp')).href);
  const llama = await getLlama({ build: 'never', gpu: false, maxThreads: threads, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: resolve(values.gguf) });
  const context = await model.createContext({ contextSize: 2048, threads, batchSize: 512 });
  const sequence = context.getSequence();
  const text = 'The surface of the part shows a thin scratch that runs from the upper left to the centre. ';
  const ids = model.tokenize(text.repeat(Math.ceil(promptTokens / 16) + 1)).slice(0, promptTokens);
  return async () => {
    await sequence.clearHistory();
    const prefill = await timed(() => sequence.evaluateWithoutGeneratingNewTokens(ids.slice(0, -1)));
    const decode = await timed(async () => {
      let said = 0;
      for await (const _ of sequence.evaluate([ids.at(-1)], { temperature: 0, yieldEogToken: true })) {
        said += 1;
        if (said === answerTokens) {
          break;
        }
      }
    });
    return {
      prefillMs: prefill.ms,
      decodeMs: decode.ms,
      prefillCpuMs: prefill.cpuMs,
      decodeCpuMs: decode.cpuMs,
      promptTokens: ids.length,
    };
  };
}

async function openTransformers(directory) {
  const require = createRequire(join(resolve(values.peers), 'package.json'));
  const { AutoModelForCausalLM, AutoTokenizer, Tensor, env } = await import(
    pathToFileURL(require.resolve('@huggingface/transformers')).href
  );
  env.allowRemoteModels = false;
  env.localModelPath = dirname(directory);
  const tokenizer = await AutoTokenizer.from_pretrained(basename(directory));
  const model = await AutoModelForCausalLM.from_pretrained(basename(directory), {
    dtype: 'q4',
    device: 'cpu',
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  });
  const text = 'The surface of the part shows a thin scratch that runs from the upper left to the centre. ';
  const ids = tokenizer.encode(text.repeat(Math.ceil(promptTokens / 16) + 1)).slice(0, promptTokens);
  const tensor = (numbers) => new Tensor('int64', BigInt64Array.from(numbers, BigInt), [1, numbers.length]);
  const say = (tokens) =>
    model.generate({
      input_ids: tensor(ids),
      attention_mask: tensor(ids.map(() => 1)),
      do_sample: false,
      min_new_tokens: tokens,
      max_new_tokens: tokens,
    });
  return async () => {
    const prefill = await timed(() => say(1));
    const whole = await timed(() => say(answerTokens + 1));
    return {
      prefillMs: prefill.ms,
      decodeMs: whole.ms - prefill.ms,
      prefillCpuMs: prefill.cpuMs,
      decodeCpuMs: whole.cpuMs - prefill.cpuMs,
      promptTokens: ids.length,
    };
  };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function summarise(runs) {
  const of = (key) => median(runs.map((run) => run[key]));
  const rate = (tokens, ms) => Math.round((tokens / ms) * 10_000) / 10;
  return {
    prefillTokensPerSecond: rate(promptTokens, of('prefillMs')),
    decodeTokensPerSecond: rate(answerTokens, of('decodeMs')),
    prefillTokensPerCpuSecond: rate(promptTokens, of('prefillCpuMs')),
    decodeTokensPerCpuSecond: rate(answerTokens, of('decodeCpuMs')),
    runs,
  };
}

const engines = { looktwice: await openOurs(), 'llama.cpp': await openLlama() };
if (values.transformers !== undefined) {
  engines['transformers.js'] = await openTransformers(resolve(values.transformers));
}
const runs = Object.fromEntries(Object.keys(engines).map((name) => [name, []]));
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, run] of Object.entries(engines)) {
    const result = await run(round);
    // The first round warms up.
    if (round > 0) {
      runs[name].push(result);
    }
  }
}
const { looktwice: ours, ...peers } = Object.fromEntries(
  Object.entries(runs).map(([name, results]) => [name, summarise(results)]),
);
/** Our rates over a peer's. */
const ratiosTo = (peer) =>
  Object.fromEntries(
    Object.keys(ours)
      .filter((key) => key !== 'runs')
      .map((key) => [key, Math.round((ours[key] / peer[key]) * 100) / 100]),
  );
const ratios = Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, ratiosTo(peer)]));
console.log(JSON.stringify({ threads, promptTokens, answerTokens, ratios, looktwice: ours, ...peers }, null, 2));
process.exit(0);
