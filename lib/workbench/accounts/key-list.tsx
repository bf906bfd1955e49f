'use client';

import { useState } from 'react';
import useSWR from 'swr';
import { Button } from '../ui/button';
import { Select } from '../ui/select';
import { accountApi } from './account-api';
import { Field, Problem, Row, Secret, Section, showDay } from './parts';
import { useAction } from './use-action';

const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'one year' },
  { value: '', label: 'no end' },
] as const;

/** Keys for programs: the list, a new one, revoking. */
export function KeyList() {
  const { data, error, mutate } = useSWR<Awaited<ReturnType<typeof accountApi.keys>>, Error>('keys', accountApi.keys);
  const [name, setName] = useState('');
  const [days, setDays] = useState<(typeof LIVES)[number]['value']>('90');
  const [secret, setSecret] = useState<string | null>(null);
  const { busy, problem, run } = useAction();
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
            <Button
              variant="secondary"
              size="sm"
              disabled={busy}
              aria-label={`Revoke ${key.name}`}
              onClick={() =>
                void run(async () => {
                  await accountApi.revokeKey(key.id);
                  await mutate();
                })
              }
            >
              Revoke
            </Button>
          </Row>
        ))}
      </ul>
      {data?.keys.length === 0 ? <p className="text-xs text-muted">No keys yet.</p> : null}
      {secret === null ? null : <Secret label="The new key. It is shown this once: copy it now." value={secret} />}
      <form
        className="grid grid-cols-[1fr_auto] items-end gap-3 sm:grid-cols-[1fr_auto_auto]"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const made = await accountApi.createKey({ name, days: days === '' ? null : Number(days) });
            setSecret(made.secret);
            setName('');
            await mutate();
          });
        }}
      >
        <Field
          label="Name"
          placeholder="Inspection cell 4"
          required
          maxLength={100}
          className="max-sm:col-span-2"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Select aria-label="Life of the key" className="h-8.5" value={days} options={LIVES} onChange={setDays} />
        <Button type="submit" variant="secondary" className="h-8.5" disabled={busy}>
          Make a key
        </Button>
      </form>
      <Problem>{problem ?? error?.message}</Problem>
    </Section>
  );
}
