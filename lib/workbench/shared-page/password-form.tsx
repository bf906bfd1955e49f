import { LockKeyhole } from 'lucide-react';

/** Asks for a link's password; a plain form, so that it works without script. */
export function PasswordForm({ token, problem }: { token: string; problem: string | null }) {
  return (
    <main className="grid flex-1 place-items-center py-10">
      <form
        method="post"
        action={`/api/shared/${encodeURIComponent(token)}/unlock`}
        className="w-full max-w-72 space-y-3 text-center"
      >
        <LockKeyhole className="mx-auto size-8 text-muted" strokeWidth={1.5} aria-hidden />
        <h1 className="text-base font-semibold text-strong">This link has a password</h1>
        <p className="text-xs text-muted">Who sent you the link can tell you the password.</p>
        <div className="space-y-1.5 text-left">
          <label htmlFor="share-password" className="text-xs font-medium">
            Password
          </label>
          <input
            id="share-password"
            name="password"
            type="password"
            required
            autoFocus
            autoComplete="off"
            maxLength={200}
            aria-invalid={problem === null ? undefined : true}
            aria-describedby="share-password-problem"
            className="h-8 w-full rounded-md border border-line-strong bg-input px-2"
          />
          <p id="share-password-problem" role="alert" className="text-xs text-high">
            {problem}
          </p>
        </div>
        <button
          type="submit"
          className="h-8 w-full rounded-md bg-accent font-medium text-on-accent hover:brightness-110"
        >
          Open
        </button>
      </form>
    </main>
  );
}
