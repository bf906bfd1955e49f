import type { BrowserContext, Page } from 'playwright-core';

type Recorder = { looktwiceViolations?: string[] };

/** Notes what the content security policy blocks on every page of the context. */
export async function recordViolations(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const noted: string[] = [];
    (globalThis as unknown as Recorder).looktwiceViolations = noted;
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
      noted.push(`${effectiveDirective} ${blockedURI} ${sourceFile}`),
    );
  });
}

export function violations(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as Recorder).looktwiceViolations ?? ['nothing was recorded']);
}
