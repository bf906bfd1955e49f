'use client';

import { Package } from 'lucide-react';
import type { InspectionPart } from '@/lib/contract';
import type { PartInfo } from '@/lib/parts/contract';
import { imageUrl } from '../client/api';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';
import { openPart, teach } from './open-part';
import { useParts } from './use-parts';

type Props = {
  inspection: InspectionPart;
  name: string;
  disabled: boolean;
  /** Answers again, compared with another part or with none. */
  onChoose: (part: string) => void;
};

const plural = (count: number) => (count === 1 ? '1 good sample' : `${count} good samples`);

/** What an image was compared with, and the ways to compare it with something else. */
export function PartChip(props: Props) {
  const { inspection, name, disabled, onChoose } = props;
  const { part, partCandidates = [], imageId, referenceIds, basis } = inspection;
  const { parts } = useParts();
  if (referenceIds.length > 0) {
    return null;
  }
  const others = parts.filter(({ id, golden }) => golden > 0 && id !== part?.id);
  const newPart = () => teach({ imageIds: [imageId], name: name.replace(/\.\w{1,5}$/, '') });
  const menu = (
    <Menu
      entries={[
        ...others.map((other) => ({
          id: other.id,
          label: `Compare with ${other.name}`,
          disabled,
          onSelect: () => onChoose(other.id),
        })),
        ...(part === undefined
          ? []
          : [
              {
                id: 'none',
                label: 'None: judge it alone',
                separator: others.length > 0,
                disabled,
                onSelect: () => onChoose('none'),
              },
            ]),
        { id: 'new', label: 'New part with this as a good sample…', separator: true, onSelect: newPart },
      ]}
    >
      <Button size="sm" variant="ghost" aria-label={part === undefined ? 'Choose a part' : 'Change the part'}>
        {part === undefined ? 'Choose a part' : 'Change'}
      </Button>
    </Menu>
  );
  if (part !== undefined) {
    return (
      <p data-part-chip={part.id} className="flex flex-wrap items-center gap-x-1 text-xs text-muted">
        <Package className="size-3.5 shrink-0" aria-hidden />
        <span>
          compared with {plural(part.samples)} of{' '}
          <button type="button" className="font-medium text-fg hover:underline" onClick={() => openPart(part)}>
            {part.name}
          </button>
        </span>
        {menu}
      </p>
    );
  }
  const candidates = partCandidates.flatMap(({ id }) => others.find((other) => other.id === id) ?? []);
  if (candidates.length > 0) {
    return (
      <div data-part-question className="space-y-1 text-xs">
        <p className="text-muted">Which part is it? It was judged alone, since that is not clear.</p>
        <div className="flex flex-wrap items-center gap-2">
          {candidates.map((candidate) => (
            <Candidate key={candidate.id} part={candidate} disabled={disabled} onChoose={onChoose} />
          ))}
          {menu}
        </div>
      </div>
    );
  }
  return (
    <p data-part-chip="none" className="flex flex-wrap items-center gap-x-1 text-xs text-muted">
      <Package className="size-3.5 shrink-0" aria-hidden />
      <span>{basis.kind === 'set' ? `judged among ${basis.count} images of its set` : 'judged alone'}</span>
      {menu}
    </p>
  );
}

function Candidate({
  part,
  disabled,
  onChoose,
}: {
  part: PartInfo;
  disabled: boolean;
  onChoose: (id: string) => void;
}) {
  return (
    <button
      type="button"
      disabled={disabled}
      onClick={() => onChoose(part.id)}
      className="flex items-center gap-2 rounded-lg border border-line-strong bg-raised py-1 pr-2.5 pl-1 hover:bg-hover disabled:opacity-45"
    >
      {part.imageId === null ? null : (
        // eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image
        <img src={imageUrl(part.imageId, 160)} alt="" className="size-8 rounded object-cover" />
      )}
      <span className="max-w-40 truncate">{part.name}</span>
    </button>
  );
}
