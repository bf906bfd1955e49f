import { BookOpen, ImageIcon } from 'lucide-react';
import type { Source } from '@/lib/assistant/contract';
import { openImage } from '../state/editors';

/** What an answer rests on: playbook entries (unfold to read) and normal reference images (open). */
export function Sources({ sources }: { sources: readonly Source[] }) {
  if (sources.length === 0) {
    return null;
  }
  return (
    <section aria-label="Sources" className="my-2 space-y-1 text-xs">
      <h4 className="text-2xs font-semibold tracking-wide text-muted uppercase">Sources</h4>
      {sources.map((source) =>
        source.kind === 'playbook' ? (
          <details key={source.id} className="rounded-md border border-line bg-app px-2 py-1">
            <summary className="cursor-pointer">
              <BookOpen className="mr-1.5 inline size-3.5 text-muted" aria-hidden />
              {source.title}
            </summary>
            <p className="mt-1 text-muted">{source.text}</p>
          </details>
        ) : (
          <button
            key={source.id}
            type="button"
            className="flex items-center gap-1.5 rounded-md border border-line bg-app px-2 py-1 hover:bg-hover"
            onClick={() => openImage({ imageId: source.id, name: source.title })}
          >
            <ImageIcon className="size-3.5 text-muted" aria-hidden />
            {source.title}
          </button>
        ),
      )}
    </section>
  );
}
