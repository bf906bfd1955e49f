import type { Source } from '@/lib/contract';
import { openImage } from '../state/editors';
import { SourceList } from './source-list';

/** What an answer rests on; a click on a reference image opens it. */
export function Sources({ sources }: { sources: readonly Source[] }) {
  return (
    <SourceList
      sources={sources}
      image={({ id, title }, className, content) => (
        <button type="button" className={className} onClick={() => openImage({ imageId: id, name: title })}>
          {content}
        </button>
      )}
    />
  );
}
