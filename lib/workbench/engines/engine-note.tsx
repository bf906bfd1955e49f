import { Cloud, CloudOff } from 'lucide-react';
import type { EnginePart } from '@/lib/contract';
import { Notice } from '../ui/notice';

/** Which engine elsewhere was asked for an answer; what went wrong with it stands out. */
export function EngineNote({ engine: { label, model, host, fallback } }: { engine: EnginePart }) {
  if (fallback !== null) {
    return <Notice icon={CloudOff} text={`${fallback.reason} The ${fallback.to} model answered instead.`} />;
  }
  return (
    <p className="mt-2 flex items-start gap-1.5 text-2xs text-muted" data-asked-engine={label}>
      <Cloud className="mt-px size-3.5 shrink-0" aria-hidden />
      <span className="min-w-0 break-words">
        Asked {label}: {model} at {host}
      </span>
    </p>
  );
}
