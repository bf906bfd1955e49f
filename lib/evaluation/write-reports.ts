import path from 'node:path';
import { writeAtomic } from '@/lib/common/atomic-file';
import { renderHtml } from './report-html';
import { renderMarkdown } from './report-markdown';
import { type Example } from './examples';
import { type Report } from './report';

/**
 * Writes `REPORT.json` and, beside it, `REPORT.md` and `REPORT.html`. Each is written whole or not at all.
 *
 * @param out path of the JSON file; the others take its name
 * @returns the written paths
 */
export async function writeReports(report: Report, examples: readonly Example[], out: string): Promise<string[]> {
  const { dir, name } = path.parse(path.resolve(out));
  const files: [string, string][] = [
    [path.resolve(out), `${JSON.stringify(report, null, 2)}\n`],
    [path.join(dir, `${name}.md`), renderMarkdown(report)],
    [path.join(dir, `${name}.html`), renderHtml(report, examples)],
  ];
  for (const [file, contents] of files) {
    await writeAtomic(file, contents);
  }
  return files.map(([file]) => file);
}
