'use client';

import { useEffect, useState } from 'react';
import { passwordLength } from '@/lib/auth/contract';
import { goTo } from '../client/go-to';
import { Button } from '../ui/button';
import { accountApi } from './account-api';
import { Field, Problem } from './parts';
import { useAction } from './use-action';

/** The token stands behind the `#` of the address, which browsers send to no server. */
const linkToken = () => location.hash.slice(1);

/** Makes the account of an invitation. */
export function InvitationForm() {
  const [invitation, setInvitation] = useState<Awaited<ReturnType<typeof accountApi.look>> | null>(null);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useAction();
  useEffect(() => {
    void run(async () => setInvitation(await accountApi.look(linkToken())));
    // Once: the link does not change while the page is open.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  if (invitation === null) {
    return problem ? <Problem>{problem}</Problem> : <p className="text-muted">Reading the invitation…</p>;
  }
  return (
    <form
      className="space-y-4 rounded-lg border border-line bg-editor p-5"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          await accountApi.accept({ token: linkToken(), name, password });
          goTo('/');
        });
      }}
    >
      <p className="text-xs text-muted">
        Choose a name and a password. You come in as <strong className="text-fg">{invitation.role}</strong>.
      </p>
      <Problem>{problem}</Problem>
      <Field label="Email" type="email" autoComplete="username" readOnly value={invitation.email} />
      <Field
        label="Name"
        hint="What the others of the team see"
        autoComplete="name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label="Password"
        hint={`At least ${passwordLength.min} characters; a few words are easier to remember than signs`}
        type="password"
        autoComplete="new-password"
        required
        minLength={passwordLength.min}
        maxLength={passwordLength.max}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" variant="primary" className="h-8.5 w-full" disabled={busy}>
        {busy ? 'Making the account…' : 'Make my account'}
      </Button>
    </form>
  );
}
