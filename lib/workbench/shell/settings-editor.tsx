'use client';

import { useTheme } from 'next-themes';
import { useId, type ReactNode } from 'react';
import { EngineSettings } from '../engines/engine-settings';
import { useServerStatus } from '../client/use-server';
import { useStore } from '../state/create-store';
import { chatSettingsStore } from '../state/settings';
import { changeViewer, viewerStore } from '../state/viewer';
import { Button } from '../ui/button';
import { Switch } from '../ui/checkbox';
import { Select } from '../ui/select';
import { Slider } from '../ui/slider';

const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'high-contrast', label: 'High contrast' },
] as const;

function Section({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return (
    <section className="border-b border-line py-5 last:border-0">
      <h3 className="font-semibold text-strong">{title}</h3>
      {description ? <p className="mt-0.5 text-xs text-muted">{description}</p> : null}
      <div className="mt-3 max-w-md space-y-3">{children}</div>
    </section>
  );
}

/** A number that may be left to the model bundle. */
function OptionalNumber({
  label,
  hint,
  value,
  min,
  max,
  step,
  onChange,
}: {
  label: string;
  hint: string;
  value: number | undefined;
  min: number;
  max: number;
  step: number;
  onChange: (value: number | undefined) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-center justify-between gap-3">
      <label htmlFor={id} className="text-xs">
        {label}
        <span className="block text-2xs text-muted">{hint}</span>
      </label>
      <input
        id={id}
        type="number"
        min={min}
        max={max}
        step={step}
        placeholder="bundle’s"
        value={value ?? ''}
        onChange={(event) => {
          const number = event.target.valueAsNumber;
          onChange(Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : undefined);
        }}
        className="h-7 w-28 rounded-md border border-line-strong bg-input px-2 text-right tabular-nums placeholder:text-muted"
      />
    </div>
  );
}

/** Appearance, how images are drawn, how answers are sampled, and what is running. */
export function SettingsEditor() {
  const { theme, setTheme } = useTheme();
  const viewer = useStore(viewerStore, (settings) => settings);
  const sampling = useStore(chatSettingsStore, (settings) => settings);
  const { status } = useServerStatus();
  const themeId = useId();
  const sample = (key: 'temperature' | 'topP' | 'maxTokens' | 'seed') => (value: number | undefined) =>
    chatSettingsStore.set(({ [key]: _old, ...rest }) => (value === undefined ? rest : { ...rest, [key]: value }));
  return (
    <div className="flex-1 overflow-y-auto">
      <div className="mx-auto max-w-2xl px-8 py-4">
        <h2 className="pt-2 text-xl font-semibold text-strong">Settings</h2>
        <Section title="Appearance">
          <div className="flex items-center justify-between gap-3">
            <label htmlFor={themeId} className="text-xs">
              Colour theme
            </label>
            <Select
              id={themeId}
              value={THEMES.find(({ value }) => value === theme)?.value ?? 'system'}
              options={THEMES}
              onChange={setTheme}
            />
          </div>
        </Section>
        <Section title="Images" description="How images are drawn in editors and answers.">
          <Switch label="Show the mask" checked={viewer.mask} onChange={(mask) => changeViewer({ mask })} />
          <Slider label="Mask" value={viewer.maskOpacity} onChange={(maskOpacity) => changeViewer({ maskOpacity })} />
          <Switch
            label="Show the anomaly map"
            checked={viewer.heatmap}
            onChange={(heatmap) => changeViewer({ heatmap })}
          />
          <Slider
            label="Map"
            value={viewer.heatmapOpacity}
            onChange={(heatmapOpacity) => changeViewer({ heatmapOpacity })}
          />
          <Switch
            label="Show region boxes"
            checked={viewer.regions}
            onChange={(regions) => changeViewer({ regions })}
          />
          <Switch
            label="Show the minimap when zoomed in"
            checked={viewer.minimap}
            onChange={(minimap) => changeViewer({ minimap })}
          />
        </Section>
        <Section title="Answers" description="Left empty, the model bundle's own values apply.">
          <OptionalNumber
            label="Temperature"
            hint="0 always takes the likeliest word"
            value={sampling.temperature}
            min={0}
            max={2}
            step={0.1}
            onChange={sample('temperature')}
          />
          <OptionalNumber
            label="Top p"
            hint="share of likely words to choose from"
            value={sampling.topP}
            min={0.05}
            max={1}
            step={0.05}
            onChange={sample('topP')}
          />
          <OptionalNumber
            label="Longest answer"
            hint="tokens"
            value={sampling.maxTokens}
            min={1}
            max={1024}
            step={1}
            onChange={(value) => sample('maxTokens')(value === undefined ? undefined : Math.round(value))}
          />
          <OptionalNumber
            label="Seed"
            hint="the same seed gives the same answer"
            value={sampling.seed}
            min={0}
            max={2 ** 31}
            step={1}
            onChange={(value) => sample('seed')(value === undefined ? undefined : Math.round(value))}
          />
          <Button
            size="sm"
            variant="secondary"
            disabled={Object.keys(sampling).length === 0}
            onClick={() => chatSettingsStore.set({})}
          >
            Use the bundle’s values
          </Button>
        </Section>
        <Section
          title="Engines"
          description="Who writes answers. The choice is made beside each conversation’s question."
        >
          <EngineSettings />
        </Section>
        <Section title="About">
          {status ? (
            <dl className="grid grid-cols-[8rem_1fr] gap-y-1 text-xs">
              {[
                ['LookTwice', status.version],
                [
                  'Model bundle',
                  status.bundle ? `${status.bundle.id} ${status.bundle.version}` : (status.reason ?? 'none'),
                ],
                ['Engine', status.engine],
                ['Device', `${status.device}, ${status.threads} threads`],
                ['Memory', `${Math.round(status.memoryBytes / 1024 / 1024)} MB`],
                ['ONNX Runtime', status.versions.onnxruntime],
                ['Node', status.versions.node],
              ].map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-muted">{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          ) : (
            <p className="text-xs text-muted">The server has not answered yet.</p>
          )}
        </Section>
      </div>
    </div>
  );
}
