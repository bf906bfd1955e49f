import { redirect } from 'next/navigation';
import { authMode } from '@/lib/auth/mode';
import { teamSettings } from '@/lib/auth/settings';
import { page } from '@/lib/handler/page';
import { safePath } from '@/lib/http/safe-path';
import { AccountFrame } from '@/lib/workbench/accounts/account-frame';
import { SignInForm } from '@/lib/workbench/accounts/sign-in-form';

export const metadata = { title: 'Sign in · LookTwice' };

export default page({ access: 'public' }, async ({ nonce, searchParams }) => {
  if (authMode() === 'local') {
    redirect('/');
  }
  const { next, error } = await searchParams;
  return (
    <AccountFrame nonce={nonce} title="Sign in">
      <SignInForm
        next={safePath(next)}
        failed={error === undefined ? null : String(error)}
        singleSignOn={teamSettings().oidc?.name ?? null}
      />
    </AccountFrame>
  );
});
