'use client';

import { Cloud, Cpu } from 'lucide-react';
import { useStore } from '../state/create-store';
import { chooseEngine, consentStore, engineChoiceOf, engineStore } from '../state/engines';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';
import { useEngines } from './use-engines';

/**
 * Who writes this conversation's answers, and the choice of another. Nothing is shown where there is only the embedded
 * engine.
 */
export function EnginePicker({ conversationId, disabled }: { conversationId: string; disabled: boolean }) {
  const { engines } = useEngines();
  const { engine, allowed, allowing } = useStore(engineStore, (all) => engineChoiceOf(all, conversationId));
  if (engines.length < 2 && engine === null) {
    return null;
  }
  const current = engines.find(({ name, kind }) => (engine === null ? kind === 'embedded' : name === engine));
  const label = current?.label ?? engine ?? 'Embedded';
  const isRemote = engine !== null;
  const pick = (name: string) => {
    const chosen = engines.find((each) => each.name === name);
    if (chosen === undefined || chosen.kind === 'embedded') {
      chooseEngine(conversationId, null, false);
    } else if (chosen.allowed || allowed.includes(name) || allowing === name) {
      chooseEngine(conversationId, name, allowing === name);
    } else {
      consentStore.set({ conversationId, engine: name });
    }
  };
  return (
    <Menu
      align="end"
      side="top"
      entries={engines.map(({ name, label: text, kind, host }) => ({
        id: name,
        label: kind === 'embedded' ? `${text} (on this machine)` : `${text} (${host ?? ''})`,
        checked: kind === 'embedded' ? engine === null : engine === name,
        onSelect: () => pick(name),
      }))}
    >
      <Button
        size="sm"
        data-engine={engine ?? 'embedded'}
        aria-label={`Engine: ${label}`}
        title={
          isRemote ? `${label} writes; texts and pictures go to ${current?.host ?? 'its machine'}` : `${label} writes`
        }
        disabled={disabled}
        className="max-w-44 min-w-0"
      >
        {isRemote ? <Cloud aria-hidden /> : <Cpu aria-hidden />}
        <span className="truncate">{label}</span>
      </Button>
    </Menu>
  );
}
