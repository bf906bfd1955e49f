/**
 * Engines elsewhere: choice, consent, an answer that disagrees with the expert, settings. The engine is a small server
 * in this process.
 */
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answered, askSample, NARROW, openWorkbench, WIDE } from './pages.mjs';
import { importAndInspect } from './seed-data.mjs';
import { openApi } from './server.mjs';

const ANSWERS = {
  anomalous: 'No, I see nothing unusual: the surface looks even to me, as it should for a part of this kind.',
  normal:
    'Yes. Near the middle of the picture the surface looks broken open, with a rough edge around it.\n\n' +
    '```json\n[{"bbox_2d": [330, 300, 620, 560], "label": "crack"}]\n```',
};

/** What it writes about the items of a set, by what the question says of them. */
const DRAFTS = [
  ['What should we do about it?', 'Take the part out, and look at the gripper that held it before the next shift.'],
  ['What is the impact', 'The mark may hide a dent; the part is not for sale as it is.'],
  [
    'labelled this image anomalous',
    'Yes. There is a dark mark on the face that is turned to the camera, with a soft edge.',
  ],
  ['labelled this image normal', 'No. The faces are even, and the edges are straight.'],
];

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A chat server whose model sees the opposite of what the expert is said to have seen. */
export async function startContrarian() {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const draft = DRAFTS.find(([question]) => body.includes(question))?.[1];
    const text = draft ?? ANSWERS[body.includes('Its verdict: anomalous') ? 'anomalous' : 'normal'];
    const chunk = (delta, reason = null) => ({
      ...{ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'qwen2.5-vl-7b' },
      choices: [{ index: 0, delta, finish_reason: reason }],
    });
    const usage = { prompt_tokens: 1400, completion_tokens: 40, total_tokens: 1440 };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${JSON.stringify(chunk({ role: 'assistant', content: text }))}\n\n`);
    response.end(`data: ${JSON.stringify({ ...chunk({}, 'stop'), usage })}\n\ndata: [DONE]\n\n`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, stop };
}

/** A file of engines in a folder, as LOOKTWICE_ENGINES takes it. */
export function writeEngines(folder, url) {
  const common = { kind: 'openai-compatible', private: true, fallback: 'embedded', retries: 0 };
  const engines = {
    qwen: { ...common, url, label: 'Qwen2.5-VL', model: 'qwen2.5-vl-7b', boxes: 'thousand' },
    gone: { ...common, url: 'http://127.0.0.1:9/v1', label: 'GPU box', model: 'internvl3-8b' },
  };
  const path = join(folder, 'engines.json');
  writeFileSync(path, JSON.stringify({ engines }), { mode: 0o600 });
  return path;
}

async function chooseRemote(page, label) {
  await page.click('[data-engine]');
  await page.click(`[role=menuitemcheckbox] >> text=${label}`);
}

async function takeSize(browser, { url, theme, size, prefix }) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size });
  await page.waitForSelector('[data-engine]');
  await page.waitForTimeout(1500);
  await page.click('[data-engine]');
  await page.waitForSelector('[role=menuitemcheckbox]');
  await shot(`${prefix}engine-choice`);
  await page.click('[role=menuitemcheckbox] >> text=Qwen2.5-VL');
  await page.waitForSelector('[data-allow-engine]');
  await shot(`${prefix}engine-consent`);
  await page.click('[data-allow-engine]');
  await askSample(page, 'cookie', 1);
  await answered(page, 1);
  await page.waitForSelector('[role=note]');
  await page.waitForTimeout(800);
  await shot(`${prefix}engine-disagreement`);
  await page.click('[aria-label="Compare engines"]');
  await page.click('[role=menuitem] >> text=Ask Embedded too');
  await page.waitForSelector('[data-compared=embedded] h3');
  await page.waitForSelector('[data-comparison] [role=status] >> text=/^(?!.*being written)/');
  await shot(`${prefix}engine-comparison`);
  await close();
}

/** A data set whose texts are drafted. */
export async function prepareEngines(_browser, server, folder) {
  const api = await openApi(server.url);
  await importAndInspect(api, { name: 'Cubes', folder: join(folder, 'cubes') });
  await api.close();
  return server;
}

async function takeDrafts(browser, { url, theme, size, prefix }) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size });
  if (size === NARROW) {
    await page.click('nav[aria-label=Panes] >> text=Browse');
    await page.click('[aria-label=Views] >> text=Data sets');
  } else {
    await page.keyboard.press('Control+Alt+B');
    await page.keyboard.press('Control+Shift+D');
  }
  await page.click('ul[aria-label="Data sets"] >> text=Cubes');
  await page.click('[data-dataset] >> text=Draft texts');
  await page.selectOption('[role=dialog] select >> nth=0', 'qwen');
  await page.click('[role=dialog] >> text=Allow it for this job');
  await shot(`${prefix}draft-consent`);
  await page.click('[data-start-drafts]');
  await page.waitForSelector('[data-review-drafts]:not([disabled])');
  await page.waitForSelector('[aria-label="Drafting texts with Qwen2.5-VL"]', { state: 'detached' });
  await page.click('[data-review-drafts]');
  await page.waitForSelector('[data-use-draft]');
  await page.waitForTimeout(1500);
  await page.locator('[data-use-draft]').scrollIntoViewIfNeeded();
  await shot(`${prefix}draft-review`);
  await close();
}

async function takeRest(browser, { url, theme }) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: WIDE });
  await page.waitForSelector('[data-engine]');
  await page.waitForTimeout(1500);
  await chooseRemote(page, 'GPU box');
  await page.click('[data-allow-engine]');
  await askSample(page, 'cookie', 1);
  await answered(page, 1);
  await page.waitForTimeout(800);
  await shot('engine-fallback');
  await page.keyboard.press('Control+,');
  await page.waitForSelector('[data-engine-row=qwen]');
  await page.click('[data-engine-row=qwen] >> text=Test');
  await page.waitForSelector('[data-engine-row=qwen] >> text=/ms/');
  await page.locator('[data-engine-row=embedded]').scrollIntoViewIfNeeded();
  await shot('engine-settings');
  await close();
}

export async function takeEngines(browser, { url }, theme) {
  await takeSize(browser, { url, theme, size: WIDE, prefix: '' });
  await takeSize(browser, { url, theme, size: NARROW, prefix: 'narrow-' });
  await takeDrafts(browser, { url, theme, size: WIDE, prefix: '' });
  await takeDrafts(browser, { url, theme, size: NARROW, prefix: 'narrow-' });
  await takeRest(browser, { url, theme });
}
