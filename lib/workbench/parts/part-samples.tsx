'use client';

import { ImagePlus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import type { PartDetail, SampleInfo, SampleKind } from '@/lib/parts/contract';
import { api, imageUrl } from '../client/api';
import { openImage } from '../state/editors';
import { rememberImage } from '../state/images';
import { Button } from '../ui/button';
import { Tooltip } from '../ui/tooltip';
import { partsApi } from './client';
import { attempt } from './use-parts';

const TITLES: Record<SampleKind, string> = { golden: 'Good samples', defect: 'Known defects' };

/** The images of a part of one kind, with their scores; files that are chosen or dropped are added. */
export function PartSamples({ part, kind }: { part: PartDetail; kind: SampleKind }) {
  const files = useRef<HTMLInputElement | null>(null);
  const [adding, setAdding] = useState<{ done: number; total: number } | null>(null);
  const samples = part.samples.filter((sample) => sample.kind === kind);
  const add = async (chosen: readonly File[]) => {
    const images = chosen.filter(({ type }) => type === '' || type.startsWith('image/'));
    setAdding({ done: 0, total: images.length });
    await attempt(async () => {
      const imageIds: string[] = [];
      for (const file of images) {
        imageIds.push((await api.uploadImage(file)).id);
        setAdding({ done: imageIds.length, total: images.length });
      }
      if (imageIds.length > 0) {
        await partsApi.addSamples(part.id, { samples: imageIds.map((imageId) => ({ imageId, kind })) });
      }
    }, part.id);
    setAdding(null);
  };
  return (
    <section
      aria-label={TITLES[kind]}
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        if (event.dataTransfer.files.length > 0) {
          event.preventDefault();
          event.stopPropagation();
          void add([...event.dataTransfer.files]);
        }
      }}
    >
      <div className="mb-1.5 flex items-center gap-2">
        <h3 className="font-semibold text-strong">
          {TITLES[kind]} <span className="font-normal text-muted tabular-nums">{samples.length}</span>
        </h3>
        <input
          ref={files}
          type="file"
          multiple
          accept="image/*"
          className="hidden"
          aria-label={`Add ${TITLES[kind].toLowerCase()}`}
          onChange={({ currentTarget }) => {
            void add([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        <Button size="sm" variant="secondary" disabled={adding !== null} onClick={() => files.current?.click()}>
          <ImagePlus aria-hidden />
          {adding === null ? 'Add images' : `${adding.done} of ${adding.total}`}
        </Button>
      </div>
      {samples.length === 0 ? (
        <p className="text-xs text-muted">
          {kind === 'golden'
            ? 'Add one to four pictures of good parts: more are needed only where good parts differ.'
            : 'Corrections bring them: “You missed this”, or “Right” on an anomalous one.'}
        </p>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-2">
          {samples.map((sample) => (
            <li key={sample.id}>
              <Sample part={part} sample={sample} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Sample({ part, sample }: { part: PartDetail; sample: SampleInfo }) {
  const { imageId, name, width, height, score, defectType, view } = sample;
  const open = () => {
    rememberImage({ id: imageId, name, width, height });
    openImage({ imageId, name }, { preview: true });
  };
  return (
    <figure className="group relative overflow-hidden rounded-lg border border-line bg-app">
      <button type="button" onClick={open} aria-label={`Open ${name}`} className="block w-full">
        {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image */}
        <img src={imageUrl(imageId, 320)} alt="" loading="lazy" className="aspect-square w-full object-cover" />
      </button>
      <figcaption className="flex items-center gap-1 px-1.5 py-1 text-2xs">
        <span className="min-w-0 flex-1 truncate text-muted" title={name}>
          {defectType ?? view ?? name}
        </span>
        <span className="tabular-nums" title="Score beside the other good samples">
          {score === null ? '–' : score.toFixed(2)}
        </span>
        <Tooltip label="Take it away from the part; the image stays">
          <Button
            size="icon"
            className="size-5"
            aria-label={`Take ${name} away`}
            onClick={() => void attempt(() => partsApi.removeSample(part.id, imageId), part.id)}
          >
            <Trash2 className="size-3!" />
          </Button>
        </Tooltip>
      </figcaption>
    </figure>
  );
}
