'use client';

import { useState } from 'react';
import { passwordLength, type AccountInfo } from '@/lib/auth/contract';
import { Button } from '../ui/button';
import { accountApi } from './account-api';
import { KeyList } from './key-list';
import { Field, Problem, Section } from './parts';
import { SessionList } from './session-list';
import { useAction } from './use-action';

/** One's own account: who one is, password, keys, sessions. */
export function AccountView({ account }: { account: AccountInfo }) {
  return (
    <>
      <p className="text-muted">
        {account.name}, {account.email} · <strong className="text-fg">{account.role}</strong>
      </p>
      <KeyList />
      <PasswordForm />
      <SessionList />
    </>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [changed, setChanged] = useState(false);
  const { busy, problem, run } = useAction();
  return (
    <Section title="Password" description="A new password ends all other sessions of this account.">
      <form
        className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]"
        onSubmit={(event) => {
          event.preventDefault();
          setChanged(false);
          void run(async () => {
            await accountApi.changePassword({ current, password });
            setCurrent('');
            setPassword('');
            setChanged(true);
          });
        }}
      >
        <Field
          label="Current password"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <Field
          label={`New password (${passwordLength.min} characters or more)`}
          type="password"
          autoComplete="new-password"
          required
          minLength={passwordLength.min}
          maxLength={passwordLength.max}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="secondary" className="h-8.5" disabled={busy}>
          Change
        </Button>
      </form>
      <Problem>{problem}</Problem>
      <p role="status" className="text-xs text-low empty:hidden">
        {changed ? 'The password is changed.' : ''}
      </p>
    </Section>
  );
}
