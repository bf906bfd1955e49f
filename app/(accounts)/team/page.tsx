import { readAccount } from '@/lib/auth/members';
import { page } from '@/lib/handler/page';
import { AccountFrame } from '@/lib/workbench/accounts/account-frame';
import { TeamView } from '@/lib/workbench/accounts/team-view';

export const metadata = { title: 'Team · LookTwice' };

export default page({ access: 'administer' }, async ({ nonce, principal }) => {
  const account = await readAccount(principal);
  return (
    <AccountFrame nonce={nonce} title={account.mode === 'team' ? 'Team' : 'Audit log'} wide>
      <TeamView account={account} />
    </AccountFrame>
  );
});
