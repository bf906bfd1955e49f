import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(
  createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

type AxeWindow = typeof globalThis & { axe: { run: (options: object) => Promise<AxeResults> } };

/** Serious and critical violations of what the page shows, as `rule: element`. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's content security policy does not hold.
  await page.evaluate(axeSource);
  const results = await page.evaluate(() =>
    (globalThis as AxeWindow).axe.run({
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    }),
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
