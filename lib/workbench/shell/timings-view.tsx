'use client';

import { Timer } from 'lucide-react';
import type { TimingsPart } from '@/lib/contract';
import { useStore } from '../state/create-store';
import { timingStore } from '../state/output';
import { Empty } from '../ui/empty';

const seconds = (ms: number | undefined) => (ms === undefined ? '–' : `${(ms / 1000).toFixed(2)} s`);

const COLUMNS: readonly [string, (timings: TimingsPart) => string][] = [
  ['Queued', ({ queuedMs }) => seconds(queuedMs)],
  ['Decode', ({ decodeMs }) => seconds(decodeMs)],
  ['Encoder', ({ encodeMs }) => seconds(encodeMs)],
  ['Expert', ({ expertMs }) => seconds(expertMs)],
  ['Prefill', ({ prefillMs }) => seconds(prefillMs)],
  ['First word', ({ firstTokenMs }) => seconds(firstTokenMs)],
  ['Tokens', ({ tokens }) => String(tokens)],
  ['Tokens/s', ({ tokensPerSecond }) => (tokensPerSecond === undefined ? '–' : tokensPerSecond.toFixed(1))],
  [
    'Cached',
    ({ cachedTokens, promptTokens }) => (promptTokens === undefined ? '–' : `${cachedTokens ?? 0} of ${promptTokens}`),
  ],
];

/** Measured times of the turns since the page was opened. */
export function TimingsView() {
  const rows = useStore(timingStore, (all) => all);
  if (rows.length === 0) {
    return (
      <Empty icon={Timer} title="Nothing measured yet">
        Each answer adds a row: where its time went, from the queue to the last token.
      </Empty>
    );
  }
  return (
    <table className="w-full text-left text-xs whitespace-nowrap">
      <thead className="text-2xs text-muted">
        <tr className="border-b border-line">
          <th className="px-3 py-1.5 font-medium">Question</th>
          {COLUMNS.map(([title]) => (
            <th key={title} className="px-2 py-1.5 text-right font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.messageId} className="border-b border-line hover:bg-hover">
            <td className="max-w-60 truncate px-3 py-1">{row.question}</td>
            {COLUMNS.map(([title, format]) => (
              <td key={title} className="px-2 py-1 text-right tabular-nums">
                {format(row.timings)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
