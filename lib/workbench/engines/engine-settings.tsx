'use client';

import { useState } from 'react';
import type { EngineInfo, EngineTest } from '@/lib/contract';
import { api, ApiError } from '../client/api';
import { accountStore } from '../state/account';
import { useStore } from '../state/create-store';
import { Button } from '../ui/button';
import { Switch } from '../ui/checkbox';
import { notify } from '../ui/notify';
import { useEngines } from './use-engines';

function describe({ kind, model, host, images, fallback }: EngineInfo): string {
  return kind === 'embedded'
    ? 'On this machine. It looks at every picture, whoever writes.'
    : [
        `${model ?? ''} at ${host ?? ''}`,
        images ? 'gets pictures' : 'gets no pictures',
        ...(fallback ? ['falls back to the embedded model'] : []),
      ].join(' · ');
}

function Trial({ name }: { name: string }) {
  const [trial, setTrial] = useState<EngineTest | 'running' | null>(null);
  const run = async () => {
    setTrial('running');
    try {
      setTrial(await api.testEngine(name));
    } catch (error) {
      setTrial({ ok: false, message: error instanceof ApiError ? error.message : String(error), ms: 0 });
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button size="sm" variant="secondary" disabled={trial === 'running'} onClick={() => void run()}>
        {trial === 'running' ? 'Asking…' : 'Test'}
      </Button>
      <span
        role="status"
        className={`min-w-0 flex-1 text-xs ${trial !== null && trial !== 'running' && !trial.ok ? 'text-high' : 'text-muted'}`}
      >
        {trial === null || trial === 'running'
          ? ''
          : trial.ok
            ? `${trial.message} (${Math.round(trial.ms)} ms)`
            : trial.message}
      </span>
    </div>
  );
}

function EngineRow({ engine, isAdmin, onChanged }: { engine: EngineInfo; isAdmin: boolean; onChanged: () => void }) {
  const { name, label, kind, allowed } = engine;
  const setAllowed = (next: boolean) =>
    api
      .allowEngine(name, next)
      .then(onChanged, (error: unknown) => notify.error(error instanceof Error ? error.message : String(error)));
  return (
    <li className="space-y-2 rounded-lg border border-line p-3" data-engine-row={name}>
      <div>
        <p className="font-medium text-strong">
          {label}{' '}
          {label.toLowerCase() === name ? null : <span className="text-2xs font-normal text-muted">{name}</span>}
        </p>
        <p className="text-xs break-words text-muted">{describe(engine)}</p>
      </div>
      {kind === 'remote' && isAdmin ? (
        <>
          <Switch
            label="Allowed for every conversation, without being asked"
            checked={allowed}
            onChange={(next) => void setAllowed(next)}
          />
          <Trial name={name} />
        </>
      ) : null}
    </li>
  );
}

/**
 * The engines of this installation. Their file is the administrator's (docs/engines.md); what is set here is who may
 * use them unasked.
 */
export function EngineSettings() {
  const { engines, problem, refresh } = useEngines();
  const isAdmin = useStore(accountStore, (account) => account?.role === 'admin');
  return (
    <div className="space-y-2">
      {problem === null ? null : (
        <p role="alert" className="text-xs text-high">
          {problem}
        </p>
      )}
      <ul className="space-y-2">
        {engines.map((engine) => (
          <EngineRow key={engine.name} engine={engine} isAdmin={isAdmin} onChanged={() => void refresh()} />
        ))}
      </ul>
      {engines.length === 1 && problem === null ? (
        <p className="text-xs text-muted">
          Models elsewhere can write too: list them in engines.yaml in the data directory, see docs/engines.md.
        </p>
      ) : null}
    </div>
  );
}
