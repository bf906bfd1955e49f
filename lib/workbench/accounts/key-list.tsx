'use client';

import { useState } from 'react';
import { Select } from '../ui/select';
import { accountApi } from './account-api';
import { AddForm, EndButton, Problem, Row, Secret, Section, showDay } from './parts';
import { useList } from './use-list';

const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'one year' },
  { value: '', label: 'no end' },
] as const;

/** Keys for programs: the list, a new one, revoking. */
export function KeyList() {
  const { data, busy, problem, change } = useList('keys', accountApi.keys);
  const [name, setName] = useState('');
  const [days, setDays] = useState<(typeof LIVES)[number]['value']>('90');
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Section
      title="API keys"
      description="For programs: send one as “Authorization: Bearer …”. A key may do what your role may, but cannot touch accounts."
    >
      <ul>
        {(data?.keys ?? []).map((key) => (
          <Row key={key.id}>
            <div className="min-w-0 flex-1">
              <span className="font-medium text-strong">{key.name}</span>{' '}
              <code className="font-mono text-2xs text-muted">{key.hint}…</code>
              <p className="text-2xs text-muted">
                {key.lastUsedAt ? `last used ${showDay(key.lastUsedAt)}` : 'never used'} ·{' '}
                {key.expiresAt ? `ends ${showDay(key.expiresAt)}` : 'no end'}
              </p>
            </div>
            <EndButton
              label="Revoke"
              subject={key.name}
              busy={busy}
              onEnd={() => change(() => accountApi.revokeKey(key.id))}
            />
          </Row>
        ))}
      </ul>
      {data?.keys.length === 0 ? <p className="text-xs text-muted">No keys yet.</p> : null}
      {secret === null ? null : <Secret label="The new key. It is shown this once: copy it now." value={secret} />}
      <AddForm
        field={{
          label: 'Name',
          placeholder: 'Inspection cell 4',
          maxLength: 100,
          value: name,
          onChange: (event) => setName(event.target.value),
        }}
        choice={
          <Select aria-label="Life of the key" className="h-8.5" value={days} options={LIVES} onChange={setDays} />
        }
        action="Make a key"
        busy={busy}
        onAdd={() =>
          change(async () => {
            const made = await accountApi.createKey({ name, days: days === '' ? null : Number(days) });
            setSecret(made.secret);
            setName('');
          })
        }
      />
      <Problem>{problem}</Problem>
    </Section>
  );
}
