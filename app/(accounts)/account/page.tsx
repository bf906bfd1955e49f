import { redirect } from 'next/navigation';
import { readAccount } from '@/lib/auth/members';
import { page } from '@/lib/handler/page';
import { AccountFrame } from '@/lib/workbench/accounts/account-frame';
import { AccountView } from '@/lib/workbench/accounts/account-view';

export const metadata = { title: 'Account · LookTwice' };

export default page({ access: 'account' }, async ({ nonce, principal }) => {
  const account = await readAccount(principal);
  if (account.mode === 'local') {
    redirect('/');
  }
  return (
    <AccountFrame nonce={nonce} title="Account" wide>
      <AccountView account={account} />
    </AccountFrame>
  );
});
