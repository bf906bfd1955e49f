import { BookOpen, ImageIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Source } from '@/lib/contract';

type ImageSource = Extract<Source, { kind: 'image' }>;

/**
 * What an answer rests on: playbook entries (unfold to read) and normal reference images, each in the link or button
 * that `image` draws.
 */
export function SourceList({
  sources,
  image,
}: {
  sources: readonly Source[];
  image: (source: ImageSource, className: string, content: ReactNode) => ReactNode;
}) {
  if (sources.length === 0) {
    return null;
  }
  return (
    <section aria-label="Sources" className="mt-3 mb-2 space-y-1 text-xs">
      <h3 className="text-2xs font-semibold tracking-wide text-muted uppercase">Sources</h3>
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
          <div key={source.id}>
            {image(
              source,
              'inline-flex items-center gap-1.5 rounded-md border border-line bg-app px-2 py-1 hover:bg-hover',
              <>
                <ImageIcon className="size-3.5 text-muted" aria-hidden />
                {source.title}
              </>,
            )}
          </div>
        ),
      )}
    </section>
  );
}
