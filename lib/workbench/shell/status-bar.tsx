'use client';

import { CircleAlert, CircleCheck, Cloud, Cpu, Gauge, Layers, Loader2, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands } from '../commands/commands-context';
import { useServerStatus } from '../client/use-server';
import { useEngines } from '../engines/use-engines';
import { useStore } from '../state/create-store';
import { activeTab } from '../state/editors';
import { imageStore, listProblems } from '../state/images';
import { layoutStore } from '../state/layout';
import { engineChoiceOf, engineStore } from '../state/engines';
import { chordStore } from '../state/overlay';
import { cn } from '../ui/cn';

function Item({
  label,
  onClick,
  children,
  className,
}: {
  label: string;
  onClick?: () => void;
  children: ReactNode;
  className?: string;
}) {
  const style = cn('flex h-full items-center gap-1.5 px-2 whitespace-nowrap [&_svg]:size-3.5', className);
  return onClick ? (
    <button type="button" title={label} onClick={onClick} className={cn(style, 'hover:bg-hover hover:text-fg')}>
      {children}
    </button>
  ) : (
    <span title={label} className={style}>
      {children}
    </span>
  );
}

/** Connection, model bundle, queue, problems, score of the open image, device. */
export function StatusBar() {
  const commands = useCommands();
  const { status, offline } = useServerStatus();
  const chord = useStore(chordStore, (text) => text);
  const problems = useStore(imageStore, (images) => listProblems(images).length);
  const openId = useStore(layoutStore, (layout) => {
    const tab = activeTab(layout);
    return tab?.kind === 'image' ? tab.imageId : null;
  });
  const inspection = useStore(imageStore, (images) => (openId ? (images[openId]?.inspection ?? null) : null));
  const waiting = status ? status.queue.waiting + status.queue.running : 0;
  return (
    <footer
      data-part="status"
      aria-label="Status"
      className="flex h-6 shrink-0 items-center overflow-hidden border-t max-md:hidden border-line bg-app text-2xs text-muted"
    >
      <Connection offline={offline} engine={status?.engine ?? null} reason={status?.reason ?? null} />
      {status?.bundle ? (
        <Item label="Model bundle: open the settings" onClick={() => commands.run('preferences.settings')}>
          <Layers aria-hidden />
          {status.bundle.id} {status.bundle.version}
        </Item>
      ) : null}
      <EngineItem />
      <Item label="Problems" onClick={() => commands.run('view.problems')}>
        <CircleAlert aria-hidden />
        <span>
          {problems} problem{problems === 1 ? '' : 's'}
        </span>
      </Item>
      {waiting > 0 ? (
        <Item label={`${status?.queue.running ?? 0} running, ${status?.queue.waiting ?? 0} waiting`}>
          <Loader2 className="animate-spin" aria-hidden />
          {status?.queue.waiting ? `queue ${status.queue.waiting}` : 'working'}
        </Item>
      ) : null}
      <span role="status" className="flex-1 truncate px-2">
        {chord ? `(${chord}) was pressed. Waiting for the second key…` : ''}
      </span>
      {inspection ? (
        <Item
          label={`Verdict on the open image: ${inspection.verdict}, ${inspection.bucket} suspicious, score ${inspection.score.toFixed(3)}`}
          className={
            inspection.verdict === 'unsure' || inspection.bucket === 'moderately'
              ? 'text-mid'
              : inspection.bucket === 'highly'
                ? 'text-high'
                : 'text-low'
          }
        >
          <Gauge aria-hidden />
          {inspection.probability.toFixed(3)} {inspection.verdict === 'unsure' ? 'unsure' : inspection.bucket}
        </Item>
      ) : null}
      {status ? (
        <Item
          label={`${status.device}, ${status.threads} threads, ${Math.round(status.memoryBytes / 1024 / 1024)} MB`}
          className="max-sm:hidden"
        >
          <Cpu aria-hidden />
          {status.device}
        </Item>
      ) : null}
    </footer>
  );
}

/** Who writes in the conversation that is shown, where that is not the embedded engine. */
function EngineItem() {
  const commands = useCommands();
  const conversationId = useStore(layoutStore, (layout) => layout.conversationId);
  const name = useStore(engineStore, (all) => engineChoiceOf(all, conversationId).engine);
  const { engines } = useEngines();
  if (name === null) {
    return null;
  }
  const engine = engines.find((each) => each.name === name);
  return (
    <Item
      label={`${engine?.label ?? name} writes the answers of this conversation${engine ? `; texts${engine.images ? ' and pictures' : ''} go to ${engine.host ?? ''}` : ''}`}
      onClick={() => commands.run('preferences.settings')}
    >
      <Cloud aria-hidden />
      {engine?.label ?? name}
    </Item>
  );
}

function Connection({
  offline,
  engine,
  reason,
}: {
  offline: boolean;
  engine: 'absent' | 'loading' | 'ready' | 'failed' | null;
  reason: string | null;
}) {
  if (offline) {
    return (
      <Item label="The server does not answer" className="bg-high-soft text-high">
        <Unplug aria-hidden />
        offline
      </Item>
    );
  }
  switch (engine) {
    case null:
    case 'loading':
      return (
        <Item label={engine ? 'The model is loading' : 'Connecting'}>
          <Loader2 className="animate-spin" aria-hidden />
          {engine ? 'loading the model' : 'connecting'}
        </Item>
      );
    case 'ready':
      return (
        <Item label="Connected, model ready">
          <CircleCheck className="text-low" aria-hidden />
          ready
        </Item>
      );
    case 'absent':
    case 'failed':
      return (
        <Item label={reason ?? 'No model'} className="bg-mid-soft text-mid">
          <CircleAlert aria-hidden />
          {engine === 'absent' ? 'no model' : 'model failed'}
        </Item>
      );
  }
}
