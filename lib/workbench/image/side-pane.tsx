'use client';

import { CircleSlash, ScanSearch } from 'lucide-react';
import { useStore } from '../state/create-store';
import { imageStore, type KnownImage, type Problem } from '../state/images';
import { changeViewer, viewerStore } from '../state/viewer';
import { Button } from '../ui/button';
import { Switch } from '../ui/checkbox';
import { cn } from '../ui/cn';
import { ScoreBadge } from '../ui/score-badge';
import { Select } from '../ui/select';
import { Slider } from '../ui/slider';
import { SeverityIcon } from '../ui/severity-icon';
import { CompareViews } from './compare-views';
import { findingName, formatExtent } from '@/lib/segmentation/mask-words';
import { Progress } from '../ui/progress';
import { Histogram } from './histogram';
import { inspectImage, inspectingStore } from './inspect-image';
import { PagesSection } from './pages-section';
import { Section } from './section';
import type { Comparison } from './use-comparison';
import type { HeatmapLayer } from './use-layers';
import { useImageValues } from './use-value-window';
import { ValuesSection } from './values-section';

const PALETTES = [
  { value: 'turbo', label: 'Turbo' },
  { value: 'inferno', label: 'Inferno' },
  { value: 'viridis', label: 'Viridis' },
  { value: 'grey', label: 'Grey' },
] as const;

/** Beside the picture: score, layers, regions, references. */
export function ImageSidePane({
  image,
  problems,
  layer,
  selectedId,
  onSelect,
  comparison,
}: {
  image: KnownImage;
  problems: readonly Problem[];
  layer: HeatmapLayer;
  selectedId: string | null;
  onSelect: (problem: Problem) => void;
  comparison: Comparison;
}) {
  const viewer = useStore(viewerStore, (settings) => settings);
  const inspecting = useStore(inspectingStore, (all) => all[image.imageId] ?? null);
  const others = useStore(imageStore, (images) =>
    Object.values(images).filter(({ imageId }) => imageId !== image.imageId),
  );
  const { inspection } = image;
  const compareId = comparison.compared?.imageId ?? null;
  const { pages, control } = useImageValues(image.imageId);
  return (
    <aside
      aria-label="Image details"
      className="flex w-64 shrink-0 flex-col overflow-y-auto border-l border-line bg-app text-xs @max-lg:h-[42%] @max-lg:w-full @max-lg:border-t @max-lg:border-l-0"
    >
      <Section title="Inspection">
        {inspection ? (
          <>
            <ScoreBadge inspection={inspection} />
            <p className="text-muted">
              {inspection.bundle} · {Math.round(inspection.ms)} ms
              {inspection.tiles.columns * inspection.tiles.rows > 0
                ? ` · ${inspection.tiles.columns} × ${inspection.tiles.rows} tiles`
                : ''}
              {inspection.referenceIds.length > 0
                ? ` · ${inspection.referenceIds.length} ${inspection.referenceIds.length === 1 ? 'reference' : 'references'}`
                : ''}
            </p>
            {inspection.notes?.map((note) => (
              <p key={note} className="text-muted">
                {note}
              </p>
            ))}
          </>
        ) : (
          <p className="text-muted">Not inspected yet. Inspecting scores the image and marks what looks wrong.</p>
        )}
        {inspecting ? (
          <>
            <Progress status={inspecting.status} />
            <Button variant="secondary" size="sm" className="w-full" onClick={inspecting.cancel}>
              <CircleSlash />
              Cancel
            </Button>
          </>
        ) : (
          <Button
            variant={inspection ? 'secondary' : 'primary'}
            size="sm"
            className="w-full"
            onClick={() => void inspectImage(image.imageId, compareId ? [compareId] : [])}
          >
            <ScanSearch />
            {compareId ? 'Inspect against the reference' : inspection ? 'Inspect again' : 'Inspect'}
          </Button>
        )}
      </Section>
      {pages > 1 ? <PagesSection imageId={image.imageId} pages={pages} /> : null}
      {control === null ? null : <ValuesSection control={control} />}
      <Section title="Mask">
        <Switch label="Show the mask" checked={viewer.mask} onChange={(mask) => changeViewer({ mask })} />
        <Slider label="Opacity" value={viewer.maskOpacity} onChange={(maskOpacity) => changeViewer({ maskOpacity })} />
        <Switch label="Show region boxes" checked={viewer.regions} onChange={(regions) => changeViewer({ regions })} />
      </Section>
      <Section title="Anomaly map">
        <Switch
          label="Show the anomaly map"
          checked={viewer.heatmap}
          onChange={(heatmap) => changeViewer({ heatmap })}
        />
        <Slider
          label="Opacity"
          value={viewer.heatmapOpacity}
          onChange={(heatmapOpacity) => changeViewer({ heatmapOpacity })}
        />
        <Slider
          label="Threshold"
          value={viewer.threshold}
          onChange={(threshold) => changeViewer({ threshold })}
          format={(value) => value.toFixed(2)}
        />
        <div className="flex items-center gap-2">
          <label htmlFor={`palette-${image.imageId}`} className="w-16 text-muted">
            Palette
          </label>
          <Select
            id={`palette-${image.imageId}`}
            className="flex-1"
            value={viewer.palette}
            options={PALETTES}
            onChange={(palette) => changeViewer({ palette })}
          />
        </div>
        {layer.heatmap ? (
          <Histogram heatmap={layer.heatmap} palette={viewer.palette} threshold={viewer.threshold} />
        ) : null}
        {layer.error ? <p className="text-high">{layer.error}</p> : null}
      </Section>
      <Section title={`Regions (${problems.length})`}>
        {problems.length === 0 ? (
          <p className="text-muted">
            {inspection ? 'Nothing was marked.' : 'Inspect the image to list what is found.'}
          </p>
        ) : null}
        <ul className="-mx-1.5 space-y-px">
          {problems.map((problem, index) => (
            <li key={problem.regionId}>
              <button
                type="button"
                aria-pressed={problem.regionId === selectedId}
                onClick={() => onSelect(problem)}
                className={cn(
                  'flex w-full items-center gap-2 rounded px-1.5 py-1 text-left hover:bg-hover',
                  problem.regionId === selectedId && 'bg-active',
                )}
              >
                <SeverityIcon severity={problem.severity} />
                <span className="flex-1">
                  <span className="block text-fg">
                    {index + 1} · {findingName(problem.type)}
                  </span>
                  <span className="block text-muted">
                    {problem.place}, {formatExtent(problem.extentPercent)}
                  </span>
                </span>
                <span className="text-muted tabular-nums">{problem.score.toFixed(2)}</span>
              </button>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Compare">
        <label htmlFor={`compare-${image.imageId}`} className="sr-only">
          Normal reference
        </label>
        <Select
          id={`compare-${image.imageId}`}
          className="w-full"
          value={compareId ?? ''}
          options={[
            { value: '', label: 'No reference' },
            ...others.map((other) => ({
              value: other.imageId,
              label: other.imageId === image.nearestId ? `${other.name} (most alike)` : other.name,
            })),
          ]}
          onChange={(value) => comparison.compareWith(value || null)}
        />
        {compareId ? <CompareViews view={comparison.view} onChange={comparison.setView} /> : null}
        {others.length === 0 ? (
          <p className="text-muted">
            Attach a normal image to a message, or drop one on the Explorer, to compare with it.
          </p>
        ) : null}
      </Section>
    </aside>
  );
}
