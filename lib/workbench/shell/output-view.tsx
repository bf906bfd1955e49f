'use client';

import { useStickToBottom } from 'use-stick-to-bottom';
import { useStore } from '../state/create-store';
import { outputStore } from '../state/output';
import { cn } from '../ui/cn';

const TONE = { info: '', warning: 'text-mid', error: 'text-high' } as const;

/** The inference log of this page. */
export function OutputView() {
  const lines = useStore(outputStore, (all) => all);
  const { scrollRef, contentRef } = useStickToBottom({ initial: 'instant', resize: 'instant' });
  return (
    <div ref={scrollRef} tabIndex={0} role="log" aria-label="Inference log" className="h-full overflow-auto">
      <div ref={contentRef} className="px-3 py-1.5 font-mono text-xs leading-5">
        {lines.length === 0 ? <p className="text-muted">What the model does in this page is logged here.</p> : null}
        {lines.map(({ id, at, level, source, text }) => (
          <p key={id} className={cn('wrap-anywhere', TONE[level])}>
            <span className="text-muted">{new Date(at).toLocaleTimeString('en-GB')} </span>
            <span className="text-link">[{source}]</span> {text}
          </p>
        ))}
      </div>
    </div>
  );
}
