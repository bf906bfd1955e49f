'use client';

import { useState } from 'react';
import { goTo } from '../client/go-to';
import { Button } from '../ui/button';
import { accountApi } from './account-api';
import { Field, Problem } from './parts';
import { useAction } from './use-action';

/** Why the identity provider's answer did not open a session; other codes get the general sentence. */
const FAILURES: Record<string, string> = {
  not_invited: 'Nobody has invited this address yet: ask an administrator of this installation.',
  disabled: 'This account is disabled: ask an administrator of this installation.',
  access_denied: 'The sign-in was cancelled at the identity provider.',
  account_not_linked: 'The identity provider has not verified this address, so it cannot be matched with an account.',
};

/** Sign-in with a password, or at the identity provider when there is one. */
export function SignInForm({
  next,
  failed,
  singleSignOn,
}: {
  next: string;
  failed: string | null;
  singleSignOn: string | null;
}) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, run } = useAction();
  const before = failed === null ? null : (FAILURES[failed] ?? 'Single sign-on did not work: try again.');
  return (
    <div className="space-y-4 rounded-lg border border-line bg-editor p-5">
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            await accountApi.signIn({ email, password });
            goTo(next);
          });
        }}
      >
        <Problem>{problem ?? before}</Problem>
        <Field
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" className="h-8.5 w-full" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      {singleSignOn === null ? null : (
        <>
          <div className="flex items-center gap-3 text-2xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            or
          </div>
          <Button
            variant="secondary"
            className="h-8.5 w-full"
            disabled={busy}
            onClick={() => void run(async () => location.assign((await accountApi.startSingleSignOn()).url))}
          >
            Continue with {singleSignOn}
          </Button>
        </>
      )}
    </div>
  );
}
